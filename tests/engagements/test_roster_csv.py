"""Files people really have, read back as they were meant."""

import time

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from survey_service.engagements import roster_text
from survey_service.engagements.roster_csv import (
    MOST_ROWS,
    EmptyRoster,
    Person,
    Table,
    TooManyColumns,
    TooManyRows,
    UnclosedQuote,
    read_roster,
    roster_to_csv,
)
from survey_service.foundation.errors import Refusal

PEOPLE = (("Ada Lovelace", "ada@x.org", "Operations"), ("Jörg Weiß", "joerg@x.org", "Einkauf"))
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def written(rows: list[tuple[str, ...]], delimiter: str, line_end: str) -> str:
    """As a spreadsheet writes it: quotation marks only where they are needed."""
    needing = {delimiter, '"', "\r", "\n"}

    def quoted(cell: str) -> str:
        return cell if needing.isdisjoint(cell) else '"' + cell.replace('"', '""') + '"'

    return "".join(delimiter.join(map(quoted, row)) + line_end for row in rows)


# What a person may be called: letters of any script, punctuation a spreadsheet quotes, line breaks inside.
LETTERS = st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.sampled_from(list(' ,;\t"\n'))
WORDS = st.text(LETTERS, min_size=1, max_size=20).map(lambda text: text.strip(" \t\r\n\u00a0\ufeff'"))
NAMES = WORDS.filter(lambda text: text and "@" not in text)
ADDRESSES = st.from_regex(r"[a-z]{1,8}(\+[a-z]{1,3})?@[a-z]{1,8}\.(org|de)", fullmatch=True)
ROSTERS = st.lists(st.tuples(NAMES, ADDRESSES, NAMES), min_size=1, max_size=8)


@settings(deadline=None)
@given(
    roster=ROSTERS,
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from(",;\t"),
    line_end=st.sampled_from(["\r\n", "\n", "\r"]),
)
@example(roster=list(PEOPLE), encoding="cp1252", delimiter=";", line_end="\r")
def test_any_roster_in_any_spelling_reads_back_the_same(
    roster: list[tuple[str, ...]], encoding: str, delimiter: str, line_end: str
) -> None:
    heading = ("Name", "E-Mail", "Abteilung")
    try:
        data = written([heading, *roster], delimiter, line_end).encode(encoding)
    except UnicodeEncodeError:
        assume(False)
    if encoding == "cp1252":  # the rare text that is good UTF-8 as well cannot be told apart
        assume(data.isascii() or not _is_utf_8(data))
    table = read_roster(data)
    assert table.headers == heading
    assert cells(table) == roster
    assert table.guess == {"name": 0, "email": 1, "group": 2}


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Person,
            name=st.text(LETTERS | st.sampled_from("=+-@'"), min_size=1, max_size=20).filter(
                lambda name: name == name.strip(" \t\r\n\u00a0\ufeff")
            ),
            email=ADDRESSES,
            group=NAMES,
            language=st.sampled_from(["en", "de"]),
            time_zone=st.sampled_from([None, "Europe/Berlin"]),
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(",;\t"),
)
def test_an_exported_roster_reads_back_the_same(people: list[Person], delimiter: str) -> None:
    table = read_roster(roster_to_csv(people, delimiter=delimiter))
    columns = ("name", "email", "group", "language", "time_zone")
    again = [tuple(row.cell(table.guess[column]) for column in columns) for row in table.rows]
    assert again == [(one.name, one.email, one.group, one.language, one.time_zone or "") for one in people]


def test_a_name_that_would_run_as_a_formula_is_exported_as_text() -> None:
    mallory = Person('=HYPERLINK("http://x.org")', "+m@x.org", "@Ops", "en", None)
    text = roster_to_csv([mallory]).decode("utf-8-sig")
    assert text.splitlines()[1] == '"\'=HYPERLINK(""http://x.org"")","\'+m@x.org","\'@Ops","en",""'


@settings(deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200))
def test_whatever_is_uploaded_is_read_or_refused_in_words(source: bytes | str) -> None:
    said = ""
    try:
        table = read_roster(source)
    except Refusal as refusal:
        said = str(refusal)
    else:
        assert all(0 <= column < table.width for column in table.guess.values())
    assert "%(" not in said


def test_the_separator_line_of_excel_is_obeyed_and_counted() -> None:
    table = read_roster("sep=;\r\nName;Mail;Team\r\nAda, Countess;ada@x.org;Ops\r\n")
    assert [(row.line, row.cells) for row in table.rows] == [(3, ("Ada, Countess", "ada@x.org", "Ops"))]


def test_blank_lines_and_trailing_delimiters_leave_the_line_numbers_true() -> None:
    table = read_roster("\n;;;\nName;Mail;;\n\nAda;ada@x.org;;\n;;;\nBo;bo@x.org\n\n")
    assert table.headers == ("Name", "Mail")
    assert [(row.line, row.cells) for row in table.rows] == [
        (5, ("Ada", "ada@x.org")),
        (7, ("Bo", "bo@x.org")),
    ]


def test_a_line_break_in_quotes_belongs_to_its_cell_and_the_next_row_keeps_its_line() -> None:
    table = read_roster('Name,Mail\r\n"Ada\r\nLovelace",ada@x.org\r\nBo,bo@x.org')
    assert [(row.line, row.cells[0]) for row in table.rows] == [(2, "Ada\r\nLovelace"), (4, "Bo")]


def test_names_with_commas_do_not_mislead_a_file_with_semicolons() -> None:
    table = read_roster(
        "Name;Mail;Team\nLovelace, Ada, Countess;ada@x.org;R, D\nBoole, George;g@x.org;R, D\n"
    )
    assert cells(table)[0] == ("Lovelace, Ada, Countess", "ada@x.org", "R, D")


def test_a_lone_column_of_addresses_is_a_roster() -> None:
    table = read_roster("ada@x.org\nbo@x.org\r\n")
    assert (table.headers, table.guess, len(table.rows)) == ((), {"email": 0}, 2)


def test_a_file_without_headings_is_guessed_by_what_its_columns_hold() -> None:
    table = read_roster(
        "Ada Lovelace;Operations;ada@x.org;de;Europe/Berlin\n"
        "George Boole;Finance;george@x.org;en;Europe/London\n"
        "Grace Hopper;Operations;grace@x.org;en;America/New_York\n"
    )
    assert table.headers == ()
    assert table.guess == {"name": 0, "group": 1, "email": 2, "language": 3, "time_zone": 4}


def test_a_first_person_without_address_is_no_heading() -> None:
    table = read_roster("Ada;;Ops\nBo;bo@x.org;Ops\n")
    assert table.headers == ()
    assert cells(table)[0] == ("Ada", "", "Ops")


def test_a_first_person_with_a_mistyped_address_is_no_heading() -> None:
    assert read_roster("Ada;ada@@x.org;Ops\nBo;bo@x.org;Ops\n").headers == ()


def test_headings_in_a_language_we_do_not_know_are_still_headings() -> None:
    table = read_roster("Imię;Skrzynka;Dział\nAda;ada@x.org;Ops\nBo;bo@x.org;Ops\n")
    assert table.headers == ("Imię", "Skrzynka", "Dział")
    assert table.guess == {"name": 0, "email": 1, "group": 2}


def test_a_person_may_correct_whether_there_are_headings() -> None:
    text = "Imię;Skrzynka\nAda;ada@x.org\n"
    assert cells(read_roster(text, has_headings=False))[0] == ("Imię", "Skrzynka")
    assert read_roster("Ada;ada@x.org\nBo;bo@x.org", has_headings=True).headers == ("Ada", "ada@x.org")


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        ("Name,E-mail,Department,Language,Time zone", "name email group language time_zone"),
        ("FIRST NAME,last_name,eMail Address,Function", "first_name last_name email group"),
        ("FirstName,LastName,Email (work),Your team", "first_name last_name email group"),
        ("First Name,Middle Name,Last Name,Company,E-mail", "first_name - last_name - email"),
        ("Vorname,Nachname,E-Mail-Adresse,Abteilung,Sprache", "first_name last_name email group language"),
        ("Name,Vorname,Mail,Bereich,Zeitzone", "last_name first_name email group time_zone"),
        ("Nom,Prénom,Courriel,Service,Langue", "last_name first_name email group language"),
        ("Nom complet,Adresse électronique,Équipe", "name email group"),
        ("Nombre,Apellidos,Correo electrónico,Área,Idioma", "first_name last_name email group language"),
        ("NOMBRE,CORREO ELECTRONICO,FUNCION,Zona horaria", "name email group time_zone"),
        ("الاسم,البريد الإلكتروني,القسم,اللغة", "name email group language"),
        ("الإسم الأول,إسم العائلة,الايميل,الاداره", "first_name last_name email group"),
        ("E-Mail des Vorgesetzten,Manager name,E-Mail,Name", "- - email name"),
    ],
)
def test_headings_are_known_in_five_languages(headings: str, fields: str) -> None:
    wanted = {field: column for column, field in enumerate(fields.split()) if field != "-"}
    assert read_roster(headings).guess == wanted


def test_a_full_name_beside_a_first_name_stays_the_full_name() -> None:
    table = read_roster("Name,First name,Email\nAda Lovelace,Ada,ada@x.org\n")
    assert table.guess == {"name": 0, "email": 2}


def test_an_address_heading_over_streets_gives_way_to_the_column_with_addresses() -> None:
    table = read_roster("Name,Address,Contact point\nAda,1 High Street,ada@x.org\n")
    assert table.guess["email"] == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            b"PK\x03\x04[Content_Types].xml xl/workbook.xml",
            "This is an Excel workbook. Save it as CSV and try again.",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "This is an Excel workbook."),
        (
            b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "This is an OpenDocument spreadsheet. Save it as CSV and try again.",
        ),
        (b"%PDF-1.7 ...", "This is a PDF document."),
        (b"\x89PNG\r\n\x1a\n", "This is a picture."),
        (b"\xff\xd8\xff\xe0 JFIF", "This is a picture."),
        (b"\x1f\x8b\x08", "This is a packed archive (ZIP)."),
        (b"<html><table>ada@x.org</table></html>", "This is a web page."),
        (bytes(range(256)) * 4, "This file is not text."),
        (b"", "There is nothing in this list."),
        (b"\xef\xbb\xbf\r\n;;;\r\n", "There is nothing in this list."),
        (b"x" * (roster_text.LARGEST + 1), "This file is larger than 2 MiB."),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(data: bytes, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_roster(data)
    assert str(refused.value).startswith(sentence)


def test_a_workbook_is_called_a_workbook_however_large_it_is() -> None:
    with pytest.raises(roster_text.Workbook):
        read_roster(b"PK\x03\x04 xl/workbook.xml" + bytes(roster_text.LARGEST))


def test_a_quotation_mark_left_open_is_named_by_its_line() -> None:
    with pytest.raises(UnclosedQuote, match="line 3"):
        read_roster('Name,Mail\nAda,ada@x.org\n"Bo,bo@x.org\nCy,cy@x.org\n')


def test_a_quotation_mark_that_swallows_a_large_file_is_named_by_its_line() -> None:
    with pytest.raises(UnclosedQuote, match="line 2"):
        read_roster('Name,Mail\n"Ada,ada@x.org\n' + "Bo,bo@x.org\n" * 20_000)


def test_a_nickname_in_quotes_inside_a_name_is_kept() -> None:
    assert (
        cells(read_roster('Name,Mail\nAda "Countess" Lovelace,ada@x.org'))[0][0] == 'Ada "Countess" Lovelace'
    )


def test_stray_zero_bytes_spoil_no_other_row() -> None:
    table = read_roster(b"Name,Mail\nAda\x00,ada@x.org\nBo,b\x00o@x.org\nCy,cy@x.org\n\x00\x00\x1a")
    assert [row.cells[1] for row in table.rows] == ["ada@x.org", "b\x00o@x.org", "cy@x.org"]


def test_a_single_column_heading_alone_is_an_empty_table_not_a_crash() -> None:
    table = read_roster("E-Mail")
    assert (table.rows, table.headers) == ((), ("E-Mail",))
    with pytest.raises(EmptyRoster):
        read_roster(" \n ")


def test_the_largest_roster_is_read_and_one_row_more_is_refused() -> None:
    row = "p@x.org,IT\n"
    assert len(read_roster("Mail,Team\n" + row * MOST_ROWS).rows) == MOST_ROWS
    with pytest.raises(TooManyRows):
        read_roster("Mail,Team\n" + row * (MOST_ROWS + 1))


def test_a_row_of_nothing_but_columns_is_refused() -> None:
    with pytest.raises(TooManyColumns):
        read_roster("ada@x.org" + ",x" * 100)


def test_five_thousand_people_are_read_while_one_waits() -> None:
    text = "Name;Mail\n" + "".join(f"Person {number};p{number}@x.org\n" for number in range(5000))
    started = time.process_time()
    assert len(read_roster(text.encode("utf-16")).rows) == 5000
    assert time.process_time() - started < 2
