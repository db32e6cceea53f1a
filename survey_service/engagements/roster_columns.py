"""Which column of a roster is which: guessed from its heading, else from what it holds. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from survey_service.engagements.roster_words import HEADINGS, LANGUAGE_WORDS, OTHER_HEADINGS, compact, fold

#: What a column may be. First and last name are joined where no column has the whole name.
COLUMN_FIELDS: Final = ("name", "first_name", "last_name", "email", "group", "language", "time_zone")

Cells = Sequence[str]

ADDRESS: Final = re.compile(r"""(?:[^<>@]*<)?['"“„]?[^\s@<>,;:"]+@[^\s@<>,;:"']+\.[^\s@<>,;:"'.]+['"“”]?>?""")
ZONE: Final = re.compile(
    r"(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Etc|Europe|Indian|Pacific|US)/[\w/+ -]+",
    re.IGNORECASE,
)
_COMPACT_HEADINGS: Final = {phrase.replace(" ", ""): field for phrase, field in HEADINGS.items()}


def holds_address(cell: str) -> bool:
    """Whether the cell looks like one e-mail address, perhaps with a name before it. Quick."""
    return "@" in cell and ADDRESS.fullmatch(cell.strip()) is not None


def has_headers(rows: Sequence[Cells]) -> bool:
    """Whether the first of these rows names the columns."""
    first = rows[0]
    known = sum(compact(cell) in _COMPACT_HEADINGS for cell in first)
    if any(map(holds_address, first)) or (known < 2 and any("@" in cell for cell in first)):
        return False
    if known or _by_heading(first):
        return True
    column = _address_column(rows[1:])
    return column is not None and bool(_at(first, column))


def guess_columns(headers: Cells, rows: Sequence[Cells]) -> dict[str, int]:
    """Field -> column, from the headings ("" or () for none) and a sample of rows; each used once at most."""
    guess = _names_sorted_out(_by_heading(headers), rows)
    column = _address_column(rows)
    if column is not None and not any(holds_address(_at(row, guess.get("email"))) for row in rows):
        guess = {field: taken for field, taken in guess.items() if taken != column} | {"email": column}
    if not guess.keys() - {"email"}:
        guess |= _by_content(rows, guess.get("email"))
    return guess


def _at(row: Cells, column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def _by_heading(headers: Cells) -> dict[str, int]:
    guess: dict[str, int] = {}
    # A heading that is a known phrase goes before one that only holds it.
    for meaning in (_exact_field, _contained_field):
        for column, header in enumerate(headers):
            field = meaning(header)
            if field and field not in guess and column not in guess.values():
                guess[field] = column
    return guess


def _exact_field(header: str) -> str | None:
    return _COMPACT_HEADINGS.get(compact(header))


def _contained_field(header: str) -> str | None:
    words = fold(header)
    if not OTHER_HEADINGS.isdisjoint(words.split()):
        return None
    within = [phrase for phrase in HEADINGS if f" {phrase} " in f" {words} "]
    return HEADINGS[max(within, key=len)] if within else None


def _names_sorted_out(guess: Mapping[str, int], rows: Sequence[Cells]) -> dict[str, int]:
    """Where "Name" stands beside a first name it is the last name ("Name; Vorname"), and vice versa."""
    sorted_out = dict(guess)
    for part, other in (("first_name", "last_name"), ("last_name", "first_name")):
        if "name" in guess and part in guess and other not in guess:
            if _is_whole(rows, guess["name"], guess[part]):
                del sorted_out[part]
            else:
                sorted_out[other] = sorted_out.pop("name")
    return sorted_out


def _is_whole(rows: Sequence[Cells], name: int, part: int) -> bool:
    pairs = [(_at(row, name), _at(row, part)) for row in rows if _at(row, part)]
    return bool(pairs) and sum(piece in whole for whole, piece in pairs) * 2 > len(pairs)


def _address_column(rows: Sequence[Cells]) -> int | None:
    width = max(map(len, rows), default=0)
    counts = [sum(holds_address(_at(row, column)) for row in rows) for column in range(width)]
    return counts.index(max(counts)) if any(counts) else None


def _by_content(rows: Sequence[Cells], email: int | None) -> dict[str, int]:
    """Languages and time zones by their look; the most varied other is the name, the least the group."""
    width = max(map(len, rows), default=0)
    columns = {column: [_at(row, column) for row in rows] for column in range(width) if column != email}
    guess: dict[str, int] = {}
    for field, looks_right in _LOOKS.items():
        for column, cells in columns.items():
            if field not in guess and any(cells) and all(looks_right(cell) for cell in cells if cell):
                guess[field] = column
    variety = {
        column: len(set(cells))
        for column, cells in columns.items()
        if column not in guess.values()
        and sum(any(map(str.isalpha, cell)) for cell in cells) * 2 >= len(rows)
    }
    return guess | _name_and_group(variety, len(rows), email)


_LOOKS: Final[dict[str, Callable[[str], bool]]] = {
    "language": lambda cell: re.split("[-_]", fold(cell))[0] in LANGUAGE_WORDS,
    "time_zone": lambda cell: ZONE.fullmatch(cell) is not None,
}


def _is_mostly_words(cells: Cells) -> bool:
    return sum(any(map(str.isalpha, cell)) for cell in cells) * 2 >= len(cells)


def _name_and_group(variety: dict[int, int], size: int, email: int | None) -> dict[str, int]:
    if not variety:
        return {}
    if len(variety) == 1:
        ((column, kinds),) = variety.items()
        is_name = kinds == size if size > 1 else column < (email or 0)
        return {"name" if is_name else "group": column}
    group = min(variety, key=lambda column: (variety[column], -column))
    name = max(variety.keys() - {group}, key=lambda column: (variety[column], -column))
    return {"name": name, "group": group}
