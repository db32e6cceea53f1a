"""Rows judged, one by one: people who may stand on the roster, and the rest beside their reasons. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from operator import itemgetter
from typing import Final
from zoneinfo import available_timezones

from survey_service.engagements.addresses import (
    BLANK,
    Address,
    AddressRefused,
    is_within,
    read_address,
)
from survey_service.engagements.roster_csv import MOST_COLUMNS, Person, Row, Table
from survey_service.engagements.roster_reasons import REASONS, Reason
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


class NoAddressColumn(Refusal):
    """Nobody said which column holds the addresses."""

    sentence = _l(
        "Choose the column that holds the e-mail addresses. "
        "If nobody in the list has one, add an empty column with the heading “E-mail”."
    )


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
        overlong=_overlong(table, mapping),
    )
    good: list[Person] = []
    bad: list[BadRow] = []
    for row in table.rows:
        verdict = bench.verdict(row)
        if isinstance(verdict, Person):
            good.append(verdict)
        else:
            bad.append(verdict)
    return Judged(good=tuple(good), bad=tuple(bad))


def _overlong(table: Table, mapping: Mapping[str, int]) -> frozenset[int]:
    """Lines of the rows that go on after the last column with a heading or a meaning.

    None where half of the rows do: that is a column nobody named.
    """
    named = max((at for at, heading in enumerate(table.headers) if heading.strip()), default=None)
    if named is None:
        return frozenset()
    end = max(named, *mapping.values()) + 1
    longer = [row for row in table.rows if len(row.cells) > end]
    lines = frozenset(row.line for row in longer if any(cell.strip() for cell in row.cells[end:]))
    return lines if 2 * len(lines) < len(table.rows) else frozenset()


@lru_cache(maxsize=FEW)
def _is_refused(domain: str, refused: frozenset[str]) -> bool:
    return is_within(domain, refused)


@cache
def _time_zones() -> dict[str, str]:
    names = available_timezones() - {"Factory", "localtime"}  # placeholders, not places
    return {name.casefold(): name for name in names}


Note = Callable[[Reason], None]
#: Group, language and time zone of a person.
Rest = tuple[str, str, str | None]


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
    overlong: frozenset[int] = frozenset()
    lines: dict[str, int] = field(default_factory=dict)
    #: What cells of good rows mean: many rows hold the same, and nothing said later changes it.
    settled: dict[tuple[str, ...], Rest] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Beyond the widest row there is a blank, and -1 is the last.
        columns = {name: at if 0 <= at < MOST_COLUMNS else -1 for name, at in self.mapping.items()}
        self.who = itemgetter(
            *(columns.get(name, -1) for name in ("name", "first_name", "last_name", "email"))
        )
        self.beside = itemgetter(*(columns.get(name, -1) for name in ("group", "language", "time_zone")))
        self.blanks = ("",) * (max(columns.values()) + 2)

    def verdict(self, row: Row) -> Person | BadRow:
        reasons: list[Reason] = []
        note = reasons.append
        if row.line in self.overlong:
            note(Reason("cells-without-heading"))
        cells = row.cells + self.blanks  # so that every column is there
        typed, first, last, email = self.who(cells)
        address = self.address(email, row.line, note) if email.strip(BLANK) else None
        name = self.name(typed, f"{first} {last}", address or Address(""), note)
        if address is None:
            self.without_address(name, row.line, note)
        beside = self.beside(cells)
        rest = self.settled.get(beside) or self.rest(beside, note)
        if reasons:
            return BadRow(row.line, row.cells, tuple(reasons))
        if beside not in self.settled:
            self.settled[beside] = rest
            self.spellings.setdefault(same_group(rest[0]), rest[0])
        return Person(name, address.email if address else "", *rest)

    def address(self, typed: str, line: int, note: Note) -> Address:
        try:
            address = read_address(typed)
        except AddressRefused as refusal:
            note(Reason(refusal.code))
            return Address("")
        first = self.lines.setdefault(address.email, line)
        if first != line:
            note(Reason("duplicate-in-file", {"email": address.email, "line": first}))
        if address.email in self.existing:
            note(Reason("already-on-roster", {"email": address.email}))
        if _is_refused(address.domain, self.refused_domains):
            note(Reason("refused-domain", {"domain": address.domain}))
        return address

    def name(self, typed: str, parts: str, address: Address, note: Note) -> str:
        name = tidy(typed) or tidy(parts) or address.display_name
        if len(name) > LONGEST_NAME:
            note(Reason("name-too-long", {"length": len(name), "most": LONGEST_NAME}))
        return name or address.email.rpartition("@")[0]

    def rest(self, beside: tuple[str, ...], note: Note) -> Rest:
        group, language, time_zone = beside
        return self.group(group, note), self.language(language, note), self.time_zone(time_zone, note)

    def without_address(self, name: str, line: int, note: Note) -> None:
        """Asked on paper: the name alone tells whose letter it is."""
        if not name:
            note(Reason("name-missing"))
            return
        known = known_by(None, name)
        first = self.lines.setdefault(known, line)
        if first != line:
            note(Reason("name-twice", {"name": name, "line": first}))
        if known in self.existing:
            note(Reason("name-taken", {"name": name}))

    def group(self, cell: str, note: Note) -> str:
        given = tidy(cell)
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

    def language(self, cell: str, note: Note) -> str:
        words = fold(cell)
        if not words:
            return self.default_language
        code = LANGUAGE_WORDS.get(words) or LANGUAGE_WORDS.get(words.split()[0], words.split()[0])
        if code not in self.languages:
            note(Reason("language-unknown", {"language": tidy(cell)[:LONGEST_GROUP]}))
        return code

    def time_zone(self, cell: str, note: Note) -> str | None:
        given = tidy(cell)
        if not given:
            return None
        zone = _time_zones().get(given.casefold().replace(" ", "_"))
        if zone is None:
            note(Reason("time-zone-unknown", {"time_zone": given[:LONGEST_GROUP]}))
        return zone
