"""A roster as a file: a table of cells with a guess which column is which; and back to a file. Pure."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from itertools import chain, islice
from typing import Final, NamedTuple

from survey_service.engagements.roster_columns import COLUMN_FIELDS, guess_columns, has_headers, holds_address
from survey_service.engagements.roster_text import text_of
from survey_service.engagements.roster_words import known_by
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l

__all__ = [
    "COLUMN_FIELDS",
    "MOST_ROWS",
    "EmptyRoster",
    "Person",
    "Row",
    "Table",
    "TooManyColumns",
    "TooManyRows",
    "UnclosedQuote",
    "read_roster",
    "roster_to_csv",
]

MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 100
SAMPLE: Final = 200  #: rows a guess rests on
DELIMITERS: Final = (",", ";", "\t")
SEPARATOR_LINE: Final = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)
END: Final = "\x00end"
BLANK: Final = " \t\r\n\u00a0\ufeff"  #: around a cell
#: What a spreadsheet takes for a formula; an apostrophe before it makes it text.
FORMULA: Final = re.compile(r"'*[=+\-@＝＋－＠\t\r]")
COLUMN_TITLES: Final = {
    "name": _l("Name"),
    "email": _l("E-mail address"),
    "group": _l("Group"),
    "language": _l("Language"),
    "time_zone": _l("Time zone"),
}


class EmptyRoster(Refusal):
    """No line holds anything."""

    sentence = _l("There is nothing in this list. Choose another file, or paste the rows.")


class TooManyRows(Refusal):
    """More rows than one roster may have. Facts: most."""

    sentence = _l("This list has more than %(most)s rows. Import it in parts.")


class TooManyColumns(Refusal):
    """More columns than any list of people has. Facts: line, most."""

    sentence = _l("Line %(line)s has more than %(most)s columns. Leave only those that describe people.")


class UnclosedQuote(Refusal):
    """A quotation mark swallows the rest of the file. Facts: line."""

    sentence = _l(
        "In the row that begins on line %(line)s, a quotation mark is never closed. Close it or remove it."
    )


class Row(NamedTuple):
    """One row that holds anything; ``line`` is where it begins in the file, from 1, everything counted."""

    line: int
    cells: tuple[str, ...]

    def cell(self, column: int | None) -> str:
        """The cell of the column; "" where the row is too short, or without a column."""
        return self.cells[column] if column is not None and 0 <= column < len(self.cells) else ""


@dataclass(frozen=True)
class Table:
    """The rows as they stand, and a guess a person may correct: one of COLUMN_FIELDS -> column, from 0.

    ``headers`` is as wide as the table, or () where the file has none.
    """

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    guess: Mapping[str, int]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return (
            max((len(row.cells) for row in self.rows), default=0) if not self.headers else len(self.headers)
        )


class Person(NamedTuple):
    """A row that may stand on a roster.

    ``email`` "" means that there is none: asked on paper; ``time_zone`` None means the engagement's.
    """

    name: str
    email: str
    group: str
    language: str
    time_zone: str | None

    @property
    def known_by(self) -> str:
        """What tells this person from the others of a roster."""
        return known_by(self.email, self.name)


def read_roster(source: bytes | str, *, has_headings: bool | None = None) -> Table:
    """The table in an upload (bytes) or in pasted text (str), comma, semicolon or tab.

    ``has_headings`` says whether the first row names the columns; None guesses it. Memory: a small
    multiple of the source, which is at most 2 MiB. Raises EmptyRoster, TooManyRows, TooManyColumns,
    UnclosedQuote, or what roster_text.text_of raises.
    """
    text = text_of(source)
    rows = tuple(islice(_filled_rows(text), MOST_ROWS + 2))
    if not rows:
        raise EmptyRoster
    sample = [row.cells for row in rows[:SAMPLE]]
    headers: tuple[str, ...] = ()
    if has_headings or (has_headings is None and has_headers(sample)):
        headers, rows, sample = rows[0].cells, rows[1:], sample[1:]
        headers += ("",) * (max((len(row.cells) for row in rows), default=0) - len(headers))
    if len(rows) > MOST_ROWS:
        raise TooManyRows(most=MOST_ROWS)
    return Table(headers=headers, rows=rows, guess=guess_columns(headers, sample))


def roster_to_csv(people: Iterable[Person], *, delimiter: str = ",") -> bytes:
    """The roster as spreadsheets like it: UTF-8 with byte order mark, CRLF, headings as spoken now.

    A cell that would be a formula gets an apostrophe in front, which ``read_roster`` takes off again. All are
    quoted: a spreadsheet that parts cells at semicolons finds no formula inside one either.
    """
    written = StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow([str(title) for title in COLUMN_TITLES.values()])
    for one in people:
        cells = (one.name, one.email, one.group, one.language, one.time_zone or "")
        writer.writerow([f"'{cell}" if FORMULA.match(cell) else cell for cell in cells])
    return written.getvalue().encode("utf-8-sig")


def _filled_rows(text: str) -> Iterator[Row]:
    named = SEPARATOR_LINE.fullmatch(_first_line(text))
    delimiter = named[1] if named else _likeliest_delimiter(text)
    has_apostrophes = "'" in text
    for line, raw in islice(_raw_rows(text, delimiter), 1 if named else 0, None):
        cells = [one.strip(BLANK) for one in raw]
        if has_apostrophes:
            cells = [_without_apostrophe(one) for one in cells]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise TooManyColumns(line=line, most=MOST_COLUMNS)
        if cells:
            yield Row(line, tuple(cells))


def _first_line(text: str) -> str:
    return re.split(r"[\r\n]", text[:100], maxsplit=1)[0].strip(" ")


def _raw_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every row with the line it begins on."""
    # The end mark is swallowed by a quotation mark left open, which is how we know.
    reader = csv.reader(chain(StringIO(text, newline=""), [END]), delimiter=delimiter)
    begins = line = 1
    try:
        for raw in reader:
            if raw == [END]:
                return
            begins, line = line, reader.line_num + 1
            yield begins, raw
    except csv.Error as trouble:  # a cell beyond the reader's limit: a swallowed file as well
        raise UnclosedQuote(line=line) from trouble
    raise UnclosedQuote(line=begins)


def _likeliest_delimiter(text: str) -> str:
    """The one that leaves most addresses alone in their cells; among equals, the evenest columns."""
    return max(DELIMITERS, key=lambda delimiter: _fitness(text, delimiter))


def _fitness(text: str, delimiter: str) -> tuple[int, int, int]:
    sample: list[list[str]] = []
    with suppress(UnclosedQuote):
        sample.extend(raw for _, raw in islice(_raw_rows(text, delimiter), SAMPLE) if raw)
    addressed = sum(any(map(holds_address, raw)) for raw in sample)
    width, as_wide = Counter(map(len, sample)).most_common(1)[0] if sample else (1, 0)
    return (addressed, as_wide if width > 1 else 0, width)


def _without_apostrophe(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
