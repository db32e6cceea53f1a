"""Each bad row stands beside its reasons; the others are people."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_service.engagements.addresses import AddressRefused, is_within, owned_domains, read_address
from survey_service.engagements.roster_check import (
    REASONS,
    BadRow,
    Judged,
    NoAddressColumn,
    Person,
    Reason,
    judge,
)
from survey_service.engagements.roster_csv import read_roster


def judged(text: str, **rules: object) -> Judged:
    table = read_roster(text)
    settled: dict[str, object] = {
        "existing": (),
        "languages": ("en", "de"),
        "default_language": "en",
    }
    return judge(table, table.guess, **(settled | rules))  # type: ignore[arg-type]


def row(name: str = "Ada", email: str = "ada@x.org", group: str = "Ops", **more: str) -> str:
    headings = ["Name", "E-mail", "Group", *more]
    cells = ['"' + cell.replace('"', '""') + '"' for cell in (name, email, group, *more.values())]
    return ",".join(headings) + "\n" + ",".join(cells)


def only_codes(result: Judged) -> list[str]:
    (bad,) = result.bad
    return [reason.code for reason in bad.reasons]


def only_person(result: Judged) -> Person:
    assert result.is_clean
    (person,) = result.good
    return person


def test_a_good_row_is_a_person_with_the_engagements_language_and_no_zone_of_their_own() -> None:
    assert only_person(judged(row())) == Person("Ada", "ada@x.org", "Ops", "en", None)


def test_bad_rows_keep_their_line_cells_and_every_reason_and_good_rows_stay_good() -> None:
    result = judged(
        "Name;E-Mail;Abteilung;Sprache\n\nAda;ada@x.org;Ops;de\n;;Ops;xx\nBo;ADA@x.org;Organisation;\n"
    )
    assert result.good == (Person("Ada", "ada@x.org", "Ops", "de", None),)
    assert result.bad == (
        BadRow(
            4,
            ("", "", "Ops", "xx"),
            (Reason("name-missing"), Reason("language-unknown", {"language": "xx"})),
        ),
        BadRow(
            5,
            ("Bo", "ADA@x.org", "Organisation"),
            (
                Reason("duplicate-in-file", {"email": "ada@x.org", "line": 3}),
                Reason("group-reserved", {"group": "Organisation"}),
            ),
        ),
    )
    assert not result.is_clean


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("ADA@X.Org", "ada@x.org"),
        (" ada@x.org\u00a0", "ada@x.org"),
        ("ada+work@x.org", "ada+work@x.org"),
        ("o'neil@x.org", "o'neil@x.org"),
        ("'ada@x.org'", "ada@x.org"),
        ('"ada@x.org"', "ada@x.org"),
        ("<ada@x.org>", "ada@x.org"),
        ("mailto:ada@x.org", "ada@x.org"),
        ("Ada <ada@x.org>", "ada@x.org"),
        ('"Lovelace, Ada" <ada@x.org>', "ada@x.org"),
        ('"ada lovelace"@x.org', '"ada lovelace"@x.org'),
        ("ada@bücher.de", "ada@xn--bcher-kva.de"),
        ("ada@xn--bcher-kva.de", "ada@xn--bcher-kva.de"),
        ("ada@buyer.example", "ada@buyer.example"),
        ("ada@buyer.test", "ada@buyer.test"),
    ],
)
def test_an_address_is_taken_however_it_is_dressed(typed: str, address: str) -> None:
    assert only_person(judged(row(email=typed))).email == address


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ada", "address-malformed"),
        ("ada@", "address-malformed"),
        ("ada@x", "address-malformed"),
        ("ada@test", "address-malformed"),
        ("ada@localhost", "address-malformed"),
        ("ada@x.org.", "address-malformed"),
        ("ada.@x.org", "address-malformed"),
        (".ada@x.org", "address-malformed"),
        ("a..da@x.org", "address-malformed"),
        ("ada@@x.org", "address-malformed"),
        ("ada@x..org", "address-malformed"),
        ("ada@-x.org", "address-malformed"),
        ("ada@[127.0.0.1]", "address-malformed"),
        ("ada@1.2.3.4", "address-malformed"),
        ("ada(at)x.org", "address-malformed"),
        ("ada@x.org, bo@x.org", "address-malformed"),
        ("ada@x.org;bo@x.org", "address-malformed"),
        ("Ada <ada@x.org> <bo@x.org>", "address-malformed"),
        ("a" * 65 + "@x.org", "address-malformed"),
        ("ada@" + "x" * 250 + ".org", "address-malformed"),
        ("x" * 100_000 + "@x.org", "address-malformed"),
        ("ada@x.org\nBcc: eve@x.org", "address-unseen"),
        ("Ada\r\nBcc: eve@x.org <ada@x.org>", "address-unseen"),
        ("ad\x07a@x.org", "address-unseen"),
        ("ad\x00a@x.org", "address-unseen"),
        ("ada\u200b@x.org", "address-unseen"),
        ("ada\u202e@x.org", "address-unseen"),
        ("jörg@x.org", "address-not-ascii"),
    ],
)
def test_what_no_letter_can_be_sent_to_is_refused(typed: str, code: str) -> None:
    assert only_codes(judged(row(email=typed))) == [code]


@settings(deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"[ -~]{0,10}@[a-z.\-]{0,12}", fullmatch=True))
def test_no_address_that_is_taken_could_smuggle_a_header(typed: str) -> None:
    try:
        address = read_address(typed)
    except AddressRefused:
        return
    assert address.email.isascii()
    assert address.email.isprintable()
    assert "@" in address.email
    assert read_address(address.email).email == address.email


def test_whoever_has_a_name_and_no_address_is_asked_on_paper() -> None:
    assert only_person(judged(row("Pia Press", " \u200b"))) == Person("Pia Press", "", "Ops", "en", None)


def test_two_without_an_address_are_told_apart_by_their_names_in_the_file_and_on_the_roster() -> None:
    twice = judged(
        "Name,E-mail,Group\nPia Press,,Ops\nPia Pohl,,Ops\npia  PRESS,,Shop\nPia Press,p@x.org,Ops"
    )
    assert [one.name for one in twice.good] == ["Pia Press", "Pia Pohl", "Pia Press"]
    assert only_codes(twice) == ["name-twice"]
    known = {twice.good[0].known_by}
    assert only_codes(judged(row("PIA PRESS", ""), existing=known)) == ["name-taken"]
    assert judged(row("Pia Press", "p@x.org"), existing=known).is_clean


def test_an_empty_column_of_addresses_is_a_column_all_the_same() -> None:
    assert [one.name for one in judged("Name,Group,E-mail\nPia,Ops,\nPim,Ops,\n").good] == ["Pia", "Pim"]


def test_a_second_mention_says_where_the_first_one_is() -> None:
    result = judged("Mail,Group\nada@x.org,Ops\nbo@x.org,Ops\nAda <Ada@X.org>,IT\n")
    (bad,) = result.bad
    assert (bad.line, str(bad.reasons[0])) == (4, "ada@x.org already stands on line 2.")


def test_people_on_the_roster_are_not_added_again() -> None:
    assert only_codes(judged(row(), existing={"ada@x.org"})) == ["already-on-roster"]


@pytest.mark.parametrize("email", ["ines@seller.com", "ines@mail.seller.com", "INES@SELLER.COM"])
def test_the_sellers_own_people_are_refused(email: str) -> None:
    result = judged(row(email=email), refused_domains=owned_domains(["ines@seller.com"]))
    assert only_codes(result) == ["refused-domain"]


def test_a_seller_with_a_public_mailbox_refuses_nobody_elses() -> None:
    assert owned_domains(["ines@gmail.com", "bo@Seller.com"]) == {"seller.com"}
    assert judged(row(email="ada@gmail.com"), refused_domains={"gmail.com"}).is_clean


def test_a_domain_that_only_ends_alike_is_another() -> None:
    assert not is_within("notseller.com", {"seller.com"})
    assert not is_within("com", {"com"})


def test_groups_that_differ_in_case_and_spaces_are_one() -> None:
    result = judged("Mail,Group\na@x.org,Customer  Care\nb@x.org,customer care\nc@x.org,CUSTOMERCARE\n")
    assert {person.group for person in result.good} == {"Customer Care"}


def test_groups_already_on_the_roster_lend_their_spelling() -> None:
    assert only_person(judged(row(group="OPS"), known_groups=["Ops"])).group == "Ops"
    assert only_person(judged(row(group="Legal"), known_groups=["Ops"])).group == "Legal"


def test_a_group_outside_a_fixed_list_is_unknown() -> None:
    assert only_person(judged(row(group="ops"), groups=["Ops"])).group == "Ops"
    assert only_codes(judged(row(group="Legal"), groups=["Ops"])) == ["group-unknown"]


@pytest.mark.parametrize("group", ["", "  ", "-", "?"])
def test_a_person_without_group_needs_one(group: str) -> None:
    assert only_codes(judged(row(group=group))) == ["group-missing"]
    assert only_person(judged(row(group=group), default_group="Everyone")).group == "Everyone"


@pytest.mark.parametrize(
    "group",
    [
        "Other roles",
        "OTHER-ROLES",
        "other\u2011roles",
        "Other  Roles",
        "Organisation",
        "organization",
        "Die Organisation",
        "andere Rollen",
        "Weitere Rollen",
        "Autres rôles",
        "Otros roles",
        "Organización",
        "المنظمة",
    ],
)
def test_names_the_report_uses_itself_are_refused_as_groups(group: str) -> None:
    assert only_codes(judged(row(group=group))) == ["group-reserved"]


def test_names_are_120_characters_at_most_and_groups_60() -> None:
    assert judged(row(name="A" * 120, group="G" * 60)).is_clean
    assert only_codes(judged(row(name="A" * 121, group="G" * 61))) == ["name-too-long", "group-too-long"]


def test_a_name_is_one_line_without_characters_nobody_sees() -> None:
    assert only_person(judged(row(name="Ada\r\n Love\u202elace\x00"))).name == "Ada Love lace"


def test_first_and_last_name_are_joined() -> None:
    person = only_person(judged("Nachname;Vorname;Mail;Team\nLovelace;Ada;ada@x.org;Ops"))
    assert person.name == "Ada Lovelace"


def test_a_missing_name_is_taken_from_beside_the_address_or_from_it() -> None:
    assert only_person(judged(row(name="", email="Ada L. <ada@x.org>"))).name == "Ada L."
    assert only_person(judged(row(name="", email="ada.l@x.org"))).name == "ada.l"


@pytest.mark.parametrize(
    "word", ["de", "DE", "de-AT", "de_CH", "German", "deutsch", "Allemand", "alemán", "الألمانية"]
)
def test_a_language_is_known_by_many_names(word: str) -> None:
    assert only_person(judged(row(Language=word))).language == "de"


@pytest.mark.parametrize("word", ["fr", "Klingon", "xx", "français"])
def test_a_language_that_is_not_offered_is_refused(word: str) -> None:
    assert only_codes(judged(row(Language=word))) == ["language-unknown"]


def test_a_time_zone_is_found_in_any_case_and_must_exist() -> None:
    assert only_person(judged(row(**{"Time zone": "america/new york"}))).time_zone == "America/New_York"
    assert only_codes(judged(row(**{"Time zone": "Mars/Olympus"}))) == ["time-zone-unknown"]
    assert only_codes(judged(row(**{"Time zone": "../../etc/passwd"}))) == ["time-zone-unknown"]


def test_a_corrected_guess_is_what_counts() -> None:
    table = read_roster("Ops,Ada,ada@x.org\nOps,Bo,bo@x.org\n")
    chosen = {"group": 0, "name": 1, "email": 2, "language": -1, "time_zone": 9}
    result = judge(table, chosen, existing=(), languages=("en",), default_language="en")
    assert [(one.name, one.group) for one in result.good] == [("Ada", "Ops"), ("Bo", "Ops")]


def test_without_a_column_of_addresses_nothing_is_judged() -> None:
    table = read_roster("Name\nAda\n")
    with pytest.raises(NoAddressColumn):
        judge(table, {"name": 0}, existing=(), languages=("en",), default_language="en")


def test_every_reason_has_a_sentence_that_its_facts_complete() -> None:
    facts = dict.fromkeys(
        ("email", "name", "line", "domain", "length", "most", "group", "language", "time_zone"), "…"
    )
    assert all("%(" not in str(Reason(code, facts)) for code in REASONS)


def test_five_thousand_people_of_fifty_domains_are_judged_while_one_waits() -> None:
    rows = (
        f"Person {one},p{one}@firm{one % 50}.org,Group {one % 9},de,Europe/Berlin\n" for one in range(5000)
    )
    text = "Name,Mail,Group,Language,Time zone\n" + "".join(rows)
    started = time.process_time()
    result = judged(text)
    assert time.process_time() - started < 2
    assert (len(result.good), result.is_clean) == (5000, True)
