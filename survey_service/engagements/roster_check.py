"""Rows judged, one by one: people who may stand on the roster, and the rest beside their reasons. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Final
from zoneinfo import available_timezones

from survey_service.engagements.addresses import (
    BLANK,
    Address,
    AddressMalformed,
    AddressNotAscii,
    AddressRefused,
    AddressUnseen,
    is_within,
    read_address,
)
from survey_service.engagements.roster_csv import Person, Row, Table
from survey_service.engagements.roster_words import (
    FEW,
    LANGUAGE_WORDS,
    PUBLIC_PROVIDERS,
    RESERVED_GROUPS,
    compact,
    fold,
    known_by,
    same_group,
    tidy,
)
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l

__all__ = ["REASONS", "BadRow", "Judged", "NoAddressColumn", "Person", "Reason", "judge"]

LONGEST_NAME: Final = 120  #: characters
LONGEST_GROUP: Final = 60

#: Code -> sentence; its placeholders are the facts of the reason.
REASONS: Final[Mapping[str, Any]] = {
    **{one.code: one.sentence for one in (AddressMalformed, AddressUnseen, AddressNotAscii)},
    "duplicate-in-file": _l("%(email)s already stands on line %(line)s."),
    "already-on-roster": _l("%(email)s is already on the roster."),
    "refused-domain": _l(
        "%(domain)s is your own domain. A roster holds people of the buying organisation only, "
        "so that nobody's answer can be singled out."
    ),
    "cells-without-heading": _l(
        "This row has more cells than there are headings: is a name or an address cut in two?"
    ),
    "name-missing": _l("Both name and e-mail address are missing."),
    "name-twice": _l(
        "%(name)s stands on line %(line)s, without an e-mail address too. Add what tells the two apart."
    ),
    "name-taken": _l(
        "%(name)s is already on the roster, without an e-mail address too. Add what tells the two apart."
    ),
    "name-too-long": _l("The name has %(length)s characters; at most %(most)s are possible."),
    "group-missing": _l("The group is missing."),
    "group-too-long": _l("The group's name has %(length)s characters; at most %(most)s are possible."),
    "group-unknown": _l("There is no group “%(group)s” on this roster."),
    "group-reserved": _l("The report uses “%(group)s” for groups shown together. Choose another name."),
    "language-unknown": _l("The language “%(language)s” is not one of those offered."),
    "time-zone-unknown": _l("The time zone “%(time_zone)s” is not known. Write it like Europe/Berlin."),
}


class NoAddressColumn(Refusal):
    """Nobody said which column holds the addresses."""

    sentence = _l(
        "Choose the column that holds the e-mail addresses. "
        "If nobody in the list has one, add an empty column with the heading “E-mail”."
    )


@dataclass(frozen=True)
class Reason:
    """Why a row cannot be taken: a key of REASONS and the facts of its sentence."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(REASONS[self.code]) % self.facts


@dataclass(frozen=True)
class BadRow:
    """A row as it stands in the file, from 1, with every reason against it (at least one)."""

    line: int
    cells: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Judged:
    """All rows of a table, in their order. Nothing is imported by judging."""

    good: tuple[Person, ...]
    bad: tuple[BadRow, ...]

    @property
    def is_clean(self) -> bool:
        """Whether every row may be imported."""
        return not self.bad


def judge(
    table: Table,
    mapping: Mapping[str, int],
    *,
    existing: Collection[str],
    languages: Collection[str],
    default_language: str,
    refused_domains: Collection[str] = (),
    groups: Iterable[str] | None = None,
    known_groups: Iterable[str] = (),
    default_group: str = "",
) -> Judged:
    """Every row of the table as a Person or a BadRow.

    ``mapping`` says which column (from 0) is which of COLUMN_FIELDS; only "email" must be there.
    ``existing`` are as ``Person.known_by`` has them. ``groups``, where given, are the only ones possible;
    ``known_groups`` merely lend their spelling. ``default_group`` is for rows that name none.
    An address within ``refused_domains`` is refused, public mail providers aside. An empty name becomes the
    one beside the address, else what stands before its @; without an address a name is needed.
    Raises NoAddressColumn.
    """
    if "email" not in mapping:
        raise NoAddressColumn
    bench = _Bench(
        mapping=mapping,
        existing=frozenset(existing),
        languages=languages,
        default_language=default_language,
        refused_domains=frozenset(refused_domains) - PUBLIC_PROVIDERS,
        is_fixed=groups is not None,
        spellings={same_group(name): name for name in (*(groups or ()), *known_groups)},
        default_group=default_group,
        ends_at=_ends_at(table, mapping),
    )
    verdicts = [bench.verdict(row) for row in table.rows]
    return Judged(
        good=tuple(one for one in verdicts if isinstance(one, Person)),
        bad=tuple(one for one in verdicts if isinstance(one, BadRow)),
    )


def _ends_at(table: Table, mapping: Mapping[str, int]) -> int | None:
    """The column after the last that has a heading or a meaning; None where rows may end where they like.

    Where half of the rows go on, that is a column nobody named.
    """
    named = max((at for at, heading in enumerate(table.headers) if heading.strip()), default=None)
    if named is None:
        return None
    end = max(named, *mapping.values()) + 1
    longer = sum(_goes_on(row, end) for row in table.rows)
    return end if 2 * longer < len(table.rows) else None


def _goes_on(row: Row, end: int) -> bool:
    """Whether anything stands from column ``end`` on."""
    return len(row.cells) > end and any(cell.strip() for cell in row.cells[end:])


@lru_cache(maxsize=FEW)
def _is_refused(domain: str, refused: frozenset[str]) -> bool:
    return is_within(domain, refused)


@cache
def _time_zones() -> dict[str, str]:
    names = available_timezones() - {"Factory", "localtime"}  # placeholders, not places
    return {name.casefold(): name for name in names}


Note = Callable[[Reason], None]


@dataclass
class _Bench:
    """What rows are judged by, and what the rows before have taught. Each method notes its reasons."""

    mapping: Mapping[str, int]
    existing: frozenset[str]
    languages: Collection[str]
    default_language: str
    refused_domains: frozenset[str]
    is_fixed: bool
    spellings: dict[str, str]
    default_group: str
    ends_at: int | None = None
    lines: dict[str, int] = field(default_factory=dict)

    def verdict(self, row: Row) -> Person | BadRow:
        reasons: list[Reason] = []
        note = reasons.append
        if self.ends_at is not None and _goes_on(row, self.ends_at):
            note(Reason("cells-without-heading"))
        address = self.address(row, note) if self.cell(row, "email").strip(BLANK) else None
        name = self.name(row, address or Address(""), note)
        if address is None:
            self.without_address(row, name, note)
        person = Person(
            name=name,
            email=address.email if address else "",
            group=self.group(row, note),
            language=self.language(row, note),
            time_zone=self.time_zone(row, note),
        )
        if reasons:
            return BadRow(row.line, row.cells, tuple(reasons))
        self.spellings.setdefault(same_group(person.group), person.group)
        return person

    def cell(self, row: Row, name: str) -> str:
        # As Row.cell; eight cells of every row are looked up, so the way is kept short.
        column, cells = self.mapping.get(name), row.cells
        return cells[column] if column is not None and 0 <= column < len(cells) else ""

    def address(self, row: Row, note: Note) -> Address:
        try:
            address = read_address(self.cell(row, "email"))
        except AddressRefused as refusal:
            note(Reason(refusal.code))
            return Address("")
        first = self.lines.setdefault(address.email, row.line)
        if first != row.line:
            note(Reason("duplicate-in-file", {"email": address.email, "line": first}))
        if address.email in self.existing:
            note(Reason("already-on-roster", {"email": address.email}))
        if _is_refused(address.domain, self.refused_domains):
            note(Reason("refused-domain", {"domain": address.domain}))
        return address

    def name(self, row: Row, address: Address, note: Note) -> str:
        name = tidy(self.cell(row, "name")) or self.from_parts(row) or address.display_name
        if len(name) > LONGEST_NAME:
            note(Reason("name-too-long", {"length": len(name), "most": LONGEST_NAME}))
        return name or address.email.rpartition("@")[0]

    def from_parts(self, row: Row) -> str:
        return tidy(" ".join(self.cell(row, part) for part in ("first_name", "last_name")))

    def without_address(self, row: Row, name: str, note: Note) -> None:
        """Asked on paper: the name alone tells whose letter it is."""
        if not name:
            note(Reason("name-missing"))
            return
        known = known_by(None, name)
        first = self.lines.setdefault(known, row.line)
        if first != row.line:
            note(Reason("name-twice", {"name": name, "line": first}))
        if known in self.existing:
            note(Reason("name-taken", {"name": name}))

    def group(self, row: Row, note: Note) -> str:
        given = tidy(self.cell(row, "group"))
        name = given if fold(given) else tidy(self.default_group)
        spelled = self.spellings.get(same_group(name), name)
        if not spelled:
            note(Reason("group-missing"))
        elif compact(spelled) in RESERVED_GROUPS:
            note(Reason("group-reserved", {"group": spelled}))
        elif len(spelled) > LONGEST_GROUP:
            note(Reason("group-too-long", {"length": len(spelled), "most": LONGEST_GROUP}))
        elif self.is_fixed and same_group(spelled) not in self.spellings:
            note(Reason("group-unknown", {"group": spelled}))
        return spelled

    def language(self, row: Row, note: Note) -> str:
        words = fold(self.cell(row, "language"))
        if not words:
            return self.default_language
        code = LANGUAGE_WORDS.get(words) or LANGUAGE_WORDS.get(words.split()[0], words.split()[0])
        if code not in self.languages:
            note(Reason("language-unknown", {"language": tidy(self.cell(row, "language"))[:LONGEST_GROUP]}))
        return code

    def time_zone(self, row: Row, note: Note) -> str | None:
        cell = self.cell(row, "time_zone")
        given = cell and tidy(cell)
        if not given:
            return None
        zone = _time_zones().get(given.casefold().replace(" ", "_"))
        if zone is None:
            note(Reason("time-zone-unknown", {"time_zone": given[:LONGEST_GROUP]}))
        return zone
