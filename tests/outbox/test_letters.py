"""What letters say, and that nothing in them can be bent."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from html import unescape
from xml.etree import ElementTree

import cast
import golden_letters
import post
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from post import BASE, CONTEXTS, LINK, MAIL_FROM, MONDAY, WITHOUT_LINK
from sqlalchemy import inspect

from survey_service.foundation import i18n
from survey_service.foundation.db import db
from survey_service.foundation.installation import installation
from survey_service.foundation.tokens import fresh_identity
from survey_service.invitations import links as personal
from survey_service.invitations.models import Invitation
from survey_service.outbox import letters, press, wording
from survey_service.outbox.models import Dispatch
from survey_service.workspaces import links as account_links
from survey_service.workspaces import members

KINDS = sorted(letters.LETTERS)


@pytest.fixture(autouse=True)
def here(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def dispatch(
    kind: str = "invitation",
    to_address: str = "anna@nordlicht.example",
    to_name: str = "Anna Berg",
    language: str = "en",
) -> Dispatch:
    return Dispatch(
        kind=kind,
        to_address=to_address,
        to_name=to_name,
        language=language,
        facts={},
        message_id="abc",
        due_at=MONDAY,
    )


def composed(one: Dispatch, **facts: object) -> EmailMessage:
    context = {"recipient_name": one.to_name, **CONTEXTS[one.kind], **facts}
    return post.read(press.compose(one, context, mail_from=MAIL_FROM, at=MONDAY))


def part(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content()).replace("\r\n", "\n")


def said(text: str) -> str:
    """Words with single spaces."""
    return " ".join(text.split())


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_is_whole(kind: str) -> None:
    letter = composed(dispatch(kind))
    assert letter["Subject"]
    assert letter["To"] == "Anna Berg <anna@nordlicht.example>"
    assert letter["From"] == MAIL_FROM
    assert letter["Date"].datetime == MONDAY
    assert letter["Message-ID"] == "<abc@survey.example.org>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["X-Auto-Response-Suppress"] == "All"
    assert letter["Content-Language"] == "en"
    assert letter.get_content_type() == "multipart/alternative"
    assert len(letter.as_bytes()) < 60_000


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_has_short_lines_and_every_link_in_full(kind: str) -> None:
    lines = part(composed(dispatch(kind)), "plain").splitlines()
    assert (CONTEXTS[kind].get("link") in lines) == (kind not in WITHOUT_LINK)
    assert [line for line in lines if len(line) > 78 and "://" not in line] == []
    assert "Hello Anna Berg," in lines


@pytest.mark.parametrize("kind", KINDS)
def test_the_html_is_well_formed_and_fetches_nothing(kind: str) -> None:
    html = part(composed(dispatch(kind)), "html")
    root = ElementTree.fromstring(html)
    assert (root.get("lang"), root.get("dir")) == ("en", "ltr")
    links = {CONTEXTS[kind].get("link"), CONTEXTS[kind].get("stop_link")}
    assert {one.get("href") for one in root.iter("a")} <= links
    assert not list(root.iter("img"))
    assert not list(root.iter("link"))
    assert not list(root.iter("script"))
    assert "url(" not in html
    assert " src=" not in html


@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_say_the_same(kind: str) -> None:
    letter = composed(dispatch(kind))
    html = part(letter, "html")
    shown = said(unescape(re.sub(r"<[^>]+>", " ", html.partition("<body>")[2])))
    for paragraph in re.split(r"\n\s*\n|\n- ", part(letter, "plain")):
        words, _, _ = said(paragraph.removeprefix("- ")).partition(" https://")
        assert words.removesuffix(":") in shown


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_three_templates_and_no_template_is_left_over(kind: str) -> None:
    names = {path.name for path in wording.TEMPLATES.iterdir() if not path.name.startswith("_")}
    assert {f"{kind}.subject.txt", f"{kind}.txt", f"{kind}.html"} <= names
    assert len(names) == 3 * len(KINDS)


def test_an_invitation_says_who_asks_what_about_and_what_happens_to_answers() -> None:
    text = said(part(composed(dispatch()), "plain"))
    for words in (
        "Hanse Systems",
        "Move order handling from e-mail to one shared list.",
        "about 5 minutes",
        "until Friday, 11 December 2026, 17:00 (Berlin)",
        "sealed",
        "at least 5 people",
        "sheets are destroyed",
        "0a1b 2c3d 4e5f",
        "Please do not forward it",
        "read by Sam Sponsor first",
        "Hanse Hosting runs the server",
        f"{LINK}/stop",
    ):
        assert words in text


def test_without_a_sponsor_no_free_text_is_spoken_of() -> None:
    text = said(part(composed(dispatch(), sponsor=None), "plain"))
    assert "own words" not in text
    assert "None" not in text


@pytest.mark.parametrize(
    ("days", "subject", "sentence"),
    [
        (0, "closes today", "It closes today:"),
        (1, "closes tomorrow", "It closes tomorrow:"),
        (2, "open for 2 more days", "2 days are left."),
    ],
)
def test_a_reminder_tells_the_true_days_left_and_what_we_know(days: int, subject: str, sentence: str) -> None:
    letter = composed(dispatch("reminder"), days_left=days)
    text = said(part(letter, "plain"))
    assert subject in letter["Subject"]
    assert sentence in text
    assert "Your link has not been used yet; that is all we know." in text


@pytest.mark.parametrize(
    ("kind", "purpose", "words"),
    [
        ("confirm-address", account_links.CONFIRMING, ("seven days", 7 * 24)),
        ("reset-password", account_links.RESETTING, ("two hours", 2)),
        ("member-invitation", account_links.JOINING, ("14 days", 14 * 24)),
    ],
)
def test_a_letter_says_how_long_its_link_is_good(kind: str, purpose: str, words: tuple[str, int]) -> None:
    spoken, hours = words
    assert account_links.LASTS[purpose].total_seconds() == hours * 3600
    assert f"The link is good for {spoken}" in said(part(composed(dispatch(kind)), "plain"))


def test_only_people_who_were_asked_can_stop_letters_by_one_click() -> None:
    stoppable = {kind for kind in KINDS if composed(dispatch(kind))["List-Unsubscribe"]}
    assert stoppable == {"invitation", "reminder", "last-day"}
    letter = composed(dispatch())
    assert letter["List-Unsubscribe"] == f"<{LINK}/stop>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_long_stop_link_stays_a_link() -> None:
    long = f"https://{'survey.' * 12}example.org/a/q1w2e3r4t5z6u7i8o9p0a1s2/stop"
    one = dispatch()
    context = {"recipient_name": "Anna", **CONTEXTS["invitation"], "stop_link": long}
    raw = press.compose(one, context, mail_from=MAIL_FROM, at=MONDAY).content
    assert f"\r\nList-Unsubscribe: <{long}>\r\n".encode() in raw


def test_without_https_no_one_click_is_offered() -> None:
    letter = composed(dispatch(), stop_link="http://127.0.0.1:8000/a/x/stop")
    assert letter["List-Unsubscribe"] == "<http://127.0.0.1:8000/a/x/stop>"
    assert letter["List-Unsubscribe-Post"] is None


def test_answers_go_to_a_person_only_where_a_letter_may_be_answered() -> None:
    asked = composed(dispatch(), reply_to="ines@hanse.example")
    assert asked["Reply-To"] == "ines@hanse.example"
    assert "Reply to this letter" in part(asked, "plain")
    reminded = composed(dispatch("reminder"), reply_to="ines@hanse.example")
    assert reminded["Reply-To"] is None
    assert "Please do not reply" in part(reminded, "plain")


TRICKS = st.sampled_from(
    (
        *'\r\n,<>"\\();:@ ü\x00\x85\u2028\u202e',
        "=?utf-8?q?=0A?=",
        "=?",
        "?=",
        "Bcc: eve@evil.example",
        "a" * 80,
    )
)
NAMES = st.lists(TRICKS | st.text(max_size=9), max_size=9).map("".join)


@given(name=NAMES, buyer=NAMES)
def test_no_name_can_add_a_header_or_a_recipient(name: str, buyer: str) -> None:
    one = dispatch(to_name=name)
    context = {"recipient_name": name, **CONTEXTS["invitation"], "buyer": buyer}
    letter = post.read(press.compose(one, context, mail_from=MAIL_FROM, at=MONDAY))
    assert letter.keys() == composed(dispatch()).keys()
    assert [one.addr_spec for one in letter["To"].addresses] == ["anna@nordlicht.example"]
    assert "\n" not in letter["Subject"]


@pytest.mark.parametrize(
    "name",
    [
        "Anna\r\nBcc: eve@evil.example",
        "Anna\nSubject: hello",
        '"Anna" <eve@evil.example>',
        "eve@evil.example, Anna",
        "Ünal, Änne (Öl) <ü@evil.example>",
        "=?utf-8?q?Anna=0ABcc=3A_eve@evil.example?=",
        "Anna \u202eelpmaxe\u2028Bcc: eve@evil.example",
        "Ä" * 300,
        "",
    ],
)
def test_names_that_try(name: str) -> None:
    letter = composed(dispatch(to_name=name))
    assert letter["Bcc"] is None
    assert len(letter["To"].addresses) == 1
    assert letter["To"].addresses[0].addr_spec == "anna@nordlicht.example"
    assert letter["Subject"] == "Nordlicht Energie: what do you think of this change?"
    ElementTree.fromstring(part(composed(dispatch(to_name=name.replace("\u2028", ""))), "html"))


@pytest.mark.parametrize("address", ["anna@nordlicht.example\r\nBcc: eve@evil.example", "a@b, c@d", "anna"])
def test_what_is_no_address_is_not_written_to(address: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        composed(dispatch(to_address=address))


def test_a_domain_in_its_own_letters_is_written_as_servers_see_it() -> None:
    letter = composed(dispatch(to_address="anna@straße.example"))
    assert letter["To"].addresses[0].domain == "xn--strae-oqa.example"


def test_markup_in_a_change_stays_text() -> None:
    letter = composed(dispatch(), change='Drop <b>all</b> & start "again"')
    assert "Drop &lt;b&gt;all&lt;/b&gt; &amp; start" in part(letter, "html")
    assert 'Drop <b>all</b> & start "again"' in part(letter, "plain")


def test_a_name_with_percent_signs_is_no_placeholder() -> None:
    letter = composed(dispatch(to_name="100%(buyer)s %s"), buyer="5 % AG")
    assert "Hello 100%(buyer)s %s," in part(letter, "plain")
    assert letter["Subject"].startswith("5 % AG:")


def test_a_letter_speaks_the_language_of_its_dispatch() -> None:
    letter = composed(dispatch(language="de"))
    assert letter["Content-Language"] == "de"
    assert ElementTree.fromstring(part(letter, "html")).get("lang") == "de"


def test_a_fact_that_is_missing_is_an_error_and_no_gap() -> None:
    context = {name: fact for name, fact in CONTEXTS["invitation"].items() if name != "fingerprint"}
    with pytest.raises(Exception, match="fingerprint"):
        press.compose(dispatch(), {"recipient_name": "", **context}, mail_from=MAIL_FROM, at=MONDAY)


def test_the_outbox_holds_no_link() -> None:
    made = post.put("anna@nordlicht.example")
    kept = " ".join(str(getattr(made, column.key)) for column in inspect(Dispatch).columns)
    assert "anna@nordlicht.example" in kept
    assert BASE not in kept
    assert "://" not in kept


def test_a_kind_nobody_knows_is_refused_at_once() -> None:
    with pytest.raises(KeyError):
        post.put("anna@nordlicht.example", kind="greeting")
    assert not list(db.session.new)


def test_long_words_are_cut_and_links_are_not() -> None:
    text = wording.plain(f"{'a' * 200}\n\nhttps://survey.example.org/{'b' * 200}\n")
    lines = text.splitlines()
    assert max(len(line) for line in lines[:3]) <= 78
    assert lines[-1] == f"https://survey.example.org/{'b' * 200}"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_letters_read_as_those_kept(language: str) -> None:
    """Meant to change? Look at them, then write them anew: PYTHONPATH=. python tests/golden_letters.py"""
    kept = golden_letters.FOLDER / language
    for name, content in golden_letters.every(language):
        assert content == (kept / name).read_text(encoding="utf-8"), name
    assert {path.stem for path in kept.iterdir()} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_letters_in_arabic_are_mirrored(kind: str) -> None:
    root = ElementTree.fromstring(golden_letters.whole(kind, "ar")[f"{kind}.html"])
    assert (root.get("lang"), root.get("dir")) == ("ar", "rtl")


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_set_for_many_says_to_each_what_one_by_itself_says(kind: str) -> None:
    shared = press.Press(mail_from=MAIL_FROM, at=MONDAY)
    for name, end in (("Anna Berg", "a"), ("Änne <Öl> & Söhne, " + "lang " * 30, "b"), ("", "c")):
        one = dispatch(kind, to_name=name, to_address=f"{end}@nordlicht.example", language="de")
        facts = {"recipient_name": name, **CONTEXTS[kind]}
        facts |= {key: f"{facts[key]}{end}" for key in ("link", "stop_link") if key in facts}
        together, alone = (
            post.read(made)
            for made in (
                shared.letter(one, facts),
                press.compose(one, facts, mail_from=MAIL_FROM, at=MONDAY),
            )
        )
        for name in set(together.keys()) - {"Content-Type"}:  # which holds a boundary made by chance
            assert together[name] == alone[name]
        for form in ("plain", "html"):
            assert part(together, form) == part(alone, form)
        assert press.MARK not in together.as_string()


@pytest.mark.parametrize("kind", KINDS)
def test_no_link_is_longer_than_eighty_characters(kind: str) -> None:
    for link in re.findall(r"https://[^\s<>\"]+", part(composed(dispatch(kind)), "html")):
        assert len(link) <= 80


def test_tokens_in_letters_are_as_long_as_those_tried_here(app: Flask) -> None:
    """The addresses above are made up; these are real."""
    scope = cast.workspace()
    secret = str(app.config["SECRET_KEY"])
    (owner,) = members.owners(scope.workspace_id)
    assert len(account_links.reset_token(secret, owner)) == len(post.TOKEN)
    invitation = Invitation(wave_id=1, stakeholder_id=1, group_name="Sales", link=fresh_identity())
    assert len(personal.token(installation().links, invitation)) == 24


PICTURES = {"png": b"\x89PNG\r\n\x1a\n" + bytes(400), "jpeg": b"\xff\xd8\xff" + bytes(400)}


@pytest.mark.parametrize("form", PICTURES)
def test_a_logo_travels_inside_the_letter(form: str) -> None:
    letter = composed(dispatch(), logo=PICTURES[form])
    root = ElementTree.fromstring(part(letter, "html"))
    (shown,) = root.iter("img")
    assert (shown.get("src"), shown.get("alt")) == ("cid:logo", "Hanse Systems")
    (picture,) = (one for one in letter.walk() if one.get_content_maintype() == "image")
    assert (picture.get_content_type(), picture["Content-ID"]) == (f"image/{form}", "<logo>")
    assert picture.get_content() == PICTURES[form]
    assert len(letter.as_bytes()) < 60_000


@pytest.mark.parametrize("content", [b"<svg onload='x()'/>", b"", PICTURES["png"] + bytes(30_000)])
def test_a_logo_that_does_not_fit_is_left_out(content: bytes) -> None:
    letter = composed(dispatch(), logo=content)
    assert "<img" not in part(letter, "html")
    assert [one for one in letter.walk() if one.get_content_maintype() == "image"] == []


def test_a_letter_comes_in_the_name_of_whoever_asks_and_from_the_same_address() -> None:
    assert (
        composed(dispatch(), sender="Hanse Systems")["From"] == "Hanse Systems <no-reply@survey.example.org>"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_is_mirrored_for_those_who_read_from_the_right(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "RIGHT_TO_LEFT", {"de"})
    html = part(composed(dispatch(kind, language="de")), "html")
    assert ElementTree.fromstring(html).get("dir") == "rtl"
    assert not re.search(r"text-align: *left|margin-left|padding-left:", html)
