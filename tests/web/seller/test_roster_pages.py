"""The roster at the desk: any file people have, every bad row beside its reason, whole or not at all."""

import re
import time
from collections.abc import Callable, Sequence
from html import unescape
from io import BytesIO

import pytest
from cast import stage
from flask import Flask
from visitor import TOKEN, Visitor, reading
from werkzeug.test import TestResponse

from survey_service.engagements import desk, roster
from survey_service.workspaces.scope import Scope

Listed = Callable[[], list[tuple[str, str, str]]]

GERMAN = [
    ("Abteilung", "Vorname", "Nachname", "E-Mail"),
    ("Einkauf", "Jörg", "Öz", "joerg@nordlicht.example"),
]


class Importer:
    """Somebody importing lists through the pages, keeping what the pages ask them to send on."""

    def __init__(self, visitor: Visitor, key: str) -> None:
        self.visitor, self.address = visitor, f"/desk/engagements/{key}/roster/import"

    def looks_at(self, content: bytes | str) -> TestResponse:
        """Upload bytes, or paste a text."""
        token = TOKEN.search(self.visitor.opens(self.address).text)
        assert token
        sent: dict[str, object] = {"csrf_token": token[1]}
        if isinstance(content, bytes):
            sent["file"] = (BytesIO(content), "list.csv")
        else:
            sent["text"] = content
        page = self.visitor.client.post(self.address, data=sent, content_type="multipart/form-data")
        page.request.environ["wsgi.input"].close()  # a file of the test browser's, once it is large
        return page

    def goes_on(self, page: TestResponse, act: str = "import", **changed: str) -> TestResponse:
        """Send the look's form on, with a correction."""
        sent = {**form_of(page.text), "act": act, **changed}
        sent = {name: value for name, value in sent.items() if value != "OFF"}
        return self.visitor.client.post(
            f"{self.address}/look", data=sent, content_type="multipart/form-data", follow_redirects=True
        )


def form_of(html: str) -> dict[str, str]:
    """What a browser would send of the page's form."""
    sent = {}
    for tag in re.findall(r"<input[^>]*>", html.split("<main")[1]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            sent[name[1]] = unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        sent[name] = chosen[1] if chosen else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\s?(.*?)</textarea>', html, re.S):
        sent[name] = unescape(text)
    return sent


def table(rows: Sequence[tuple[str, ...]], delimiter: str) -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in rows)


@pytest.fixture
def importer(ines: Visitor, key: str) -> Importer:
    return Importer(ines, key)


@pytest.fixture
def people(desk_app: Flask, hanse: Scope, key: str) -> Listed:
    """Who is on the roster now, as (name, address, group)."""

    def listed() -> list[tuple[str, str, str]]:
        with desk_app.app_context():
            found = roster.people(desk.find(hanse, key))
            return [(one.name, one.email or "", one.group.name) for one in found]

    return listed


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "paste"])
def test_a_list_from_any_program_is_imported(
    importer: Importer, people: Listed, encoding: str, delimiter: str
) -> None:
    text = table(GERMAN, delimiter)
    page = importer.looks_at(text if encoding == "paste" else text.encode(encoding))
    assert "1 person is ready to be imported" in reading(page)
    assert "Jörg Öz" in reading(page)
    assert people() == []
    done = importer.goes_on(page)
    assert "1 person imported." in reading(done)
    assert people() == [("Jörg Öz", "joerg@nordlicht.example", "Einkauf")]


def test_each_bad_row_stands_beside_its_reason_and_nothing_is_imported(
    importer: Importer, people: Listed
) -> None:
    rows = [
        ("Name", "E-mail", "Group"),
        ("Ada", "ada@nordlicht.example", "Sales"),
        ("", "", "Sales"),
        ("Cem", "cem.nordlicht.example", "Sales"),
        ("Dan", "ada@nordlicht.example", "Sales"),
        ("Eva", "eva@nordlicht.example", "Other roles"),
        ("F" * 130, "fay@nordlicht.example", "Sales"),
        ("Gil", "gil@hanse.example", "Sales"),
        ("Hal", "hal@nordlicht.example", ""),
    ]
    page = importer.looks_at(table(rows, ","))
    said = reading(page)
    assert "7 rows cannot be imported as they stand" in said
    for sentence in (
        "Both name and e-mail address are missing.",
        "This is not an e-mail address that letters can be sent to.",
        "ada@nordlicht.example already stands on line 2.",
        "The report uses “Other roles” for groups shown together.",
        "The name has 130 characters; at most 120 are possible.",
        "hanse.example is your own domain.",
        "The group is missing.",
    ):
        assert sentence in said
    still = importer.goes_on(page)
    assert "7 rows cannot be imported as they stand" in reading(still)
    assert "Correct the rows, or leave them out" in reading(still)
    assert people() == []


def test_bad_rows_are_left_out_only_when_somebody_says_so(importer: Importer, people: Listed) -> None:
    page = importer.looks_at("Ada,ada@nordlicht.example,Sales\nBea,bea.example,Sales\n")
    done = importer.goes_on(page, "rest")
    assert "1 person imported." in reading(done)
    assert [email for _, email, _ in people()] == ["ada@nordlicht.example"]


def test_a_wrong_guess_is_corrected_by_hand(importer: Importer, people: Listed) -> None:
    page = importer.looks_at(
        "Foo\tBar\tBaz\nSales\tada@nordlicht.example\tAda\nLegal\tbob@nordlicht.example\tBob\n"
    )
    again = importer.goes_on(page, act="look", name="2", group="0", email="1")
    assert "All 2 people are ready" in reading(again)
    importer.goes_on(again)
    assert sorted(people()) == [
        ("Ada", "ada@nordlicht.example", "Sales"),
        ("Bob", "bob@nordlicht.example", "Legal"),
    ]


def test_without_an_address_column_the_reason_stands_beside_the_choice(importer: Importer) -> None:
    page = importer.looks_at("Name,Group\nAda,Sales\n")
    assert "Choose the column that holds the e-mail addresses." in reading(page)
    assert 'id="email-error"' in page.text


def test_a_list_corrected_by_hand_is_judged_anew(importer: Importer, people: Listed) -> None:
    page = importer.looks_at("Ada,ada.nordlicht.example,Sales\n")
    text = form_of(page.text)["text"].replace("ada.n", "ada@n")
    importer.goes_on(page, text=text, email="1", name="0", group="2")
    assert people() == [("Ada", "ada@nordlicht.example", "Sales")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "There is nothing in this list."),
        ("", "Choose a file, or paste the rows."),
        (b"PK\x03\x04xl/workbook", "This is an Excel workbook."),
        (b"\x89PNG\r\n\x1a\n", "This is a picture."),
        (b"\r\n  \r\n", "There is nothing in this list."),
        (b"a@b.example,x\n" * 160_000, "larger than 2 MiB"),
    ],
)
def test_what_is_no_list_is_refused_beside_its_field(
    importer: Importer, content: bytes | str, sentence: str
) -> None:
    page = importer.looks_at(content)
    assert sentence in reading(page)
    assert re.search(r'id="(file|text)-error"', page.text)


def test_far_too_much_at_once_is_refused_in_words(importer: Importer) -> None:
    page = importer.looks_at(b"x" * (4 * 1024 * 1024))
    assert page.status_code == 413
    assert "Files may be up to 2 MB" in reading(page)


def test_five_thousand_rows_take_less_than_five_seconds(importer: Importer, people: Listed) -> None:
    rows = "".join(f"Person {n},person{n}@nordlicht.example,Group {n % 12}\n" for n in range(5000))
    began = time.perf_counter()
    page = importer.looks_at(("Name,E-mail,Group\n" + rows).encode())
    assert "All 5000 people are ready" in reading(page)
    importer.goes_on(page)
    took = time.perf_counter() - began
    assert len(people()) == 5000
    assert took < 5


def test_somebody_is_added_changed_and_taken_off_by_hand(ines: Visitor, key: str, people: Listed) -> None:
    base = f"/desk/engagements/{key}/roster"
    ada = {
        "name": "Ada",
        "email": "Ada@Nordlicht.example",
        "group": "Sales",
        "language": "de",
        "time_zone": "",
    }
    ines.sends(f"{base}/add", **ada)
    assert people() == [("Ada", "ada@nordlicht.example", "Sales")]
    page = ines.opens(base)
    number = re.search(rf"{base}/(\d+)", page.text)
    assert number
    edit = f"{base}/{number[1]}"
    assert 'value="ada@nordlicht.example"' in ines.opens(edit).text
    ines.sends(edit, **{**ada, "group": "Legal"})
    assert people() == [("Ada", "ada@nordlicht.example", "Legal")]
    ines.sends(edit, to=f"{edit}/remove")
    assert people() == []


def test_a_slip_in_an_address_keeps_what_was_typed(ines: Visitor, key: str, people: Listed) -> None:
    page = ines.sends(
        f"/desk/engagements/{key}/roster/add",
        name="Ada Bode",
        email="ada.nordlicht.example",
        group="Other roles",
        language="de",
        time_zone="Asia/Tokyo",
    )
    assert 'id="email-error"' in page.text
    assert 'id="group-error"' in page.text
    assert 'value="Ada Bode"' in page.text
    assert '<option selected value="Asia/Tokyo">' in page.text
    assert people() == []


def test_a_copy_to_keep_holds_no_formula(ines: Visitor, key: str) -> None:
    ines.sends(
        f"/desk/engagements/{key}/roster/add",
        name='=HYPERLINK("http://evil.example")',
        email="ada@nordlicht.example",
        group="@Sales",
        language="en",
        time_zone="",
    )
    kept = ines.opens(f"/desk/engagements/{key}/roster.csv")
    text = kept.data.decode("utf-8-sig")
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert '"\'=HYPERLINK(""http://evil.example"")","ada@nordlicht.example","\'@Sales","en"' in text


def test_a_search_finds_people_and_groups(ines: Visitor, importer: Importer, key: str) -> None:
    rows = "".join(f"Person {n},p{n}@nordlicht.example,Group {n % 3}\n" for n in range(250))
    importer.goes_on(importer.looks_at(rows))
    first = reading(ines.opens(f"/desk/engagements/{key}/roster"))
    assert "250 people" in first
    assert first.count("@nordlicht.example") == 100
    found = reading(ines.opens(f"/desk/engagements/{key}/roster?find=p17%40"))
    assert "1 person found." in found
    assert "p17@nordlicht.example" in found


def test_small_groups_are_shown_and_merged(desk_app: Flask, hanse: Scope, ines: Visitor) -> None:
    with desk_app.app_context():
        key = stage(desk_app, scope=hanse, groups={"Operations": 8, "Legal": 2, "Finance": 4, "HR": 1}).key
    address = f"/desk/engagements/{key}/groups"
    page = reading(ines.opens(address))
    assert "Operations , 8 people: will appear by itself." in page
    assert "Legal , 2 people: will appear in Other roles with Finance and HR, 7 people." in page
    ines.sends(address, group="HR", other="Finance", new_name="")
    assert "Finance , 5 people" in reading(ines.opens(address))
    ines.sends(address, group="Finance", other="Legal", new_name="Law and  money")
    assert "Law and money , 7 people: will appear by itself." in reading(ines.opens(address))
    slip = ines.sends(address, group="Operations", other="Law and money", new_name="Other  Roles")
    assert 'id="new_name-error"' in slip.text
    assert 'value="Other Roles"' in slip.text
    same = ines.sends(address, group="Operations", other="Operations", new_name="")
    assert "Choose two different groups." in reading(same)
    assert 'id="other-error"' in same.text


def test_without_a_sponsor_the_page_says_that_there_is_one_part(
    desk_app: Flask, hanse: Scope, ines: Visitor
) -> None:
    with desk_app.app_context():
        key = stage(desk_app, scope=hanse, sponsor=False).key
    page = reading(ines.opens(f"/desk/engagements/{key}/groups"))
    assert (
        "Legal , 2 people: will appear in Organisation with Operations, Sales and Finance, 22 people." in page
    )
    assert "Without a sponsor the organisation is always shown as one part" in page


def test_after_launch_the_roster_is_shown_and_cannot_be_changed(
    desk_app: Flask, hanse: Scope, ines: Visitor
) -> None:
    with desk_app.app_context():
        made = stage(desk_app, scope=hanse)
        made.launch()
        key = made.key
    base = f"/desk/engagements/{key}"
    assert "Add a person" not in reading(ines.opens(f"{base}/roster"))
    for path in ("/roster/add", "/roster/import", "/roster/1"):
        answer = ines.opens(base + path)
        assert answer.status_code == 409
        assert "its terms are frozen" in reading(answer)
