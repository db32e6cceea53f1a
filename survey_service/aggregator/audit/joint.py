"""Rows that share answers, read together: unknown whole numbers for each group, question and answer.

A question is read with every question it is pooled with and with every snapshot that grew into another; one
question tells of another only how many sheets there are. What no table can avoid follows for every reader.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from survey_service.aggregator.audit.alone import Counts, Leak, Owns
from survey_service.aggregator.audit.claims import Claims, Few, Row, Snapshot
from survey_service.aggregator.audit.figures import VALUES, Condition
from survey_service.aggregator.audit.system import Limit, Sum, System

#: One question of one snapshot.
Asked = tuple[str, str]
DK, REST = len(VALUES), len(VALUES) + 1
_COLUMNS = len(VALUES) + 2


class Target(NamedTuple):
    """People who stand in the same rows: of some groups, or those who came ``since`` an earlier snapshot."""

    snapshot: str
    question: str
    groups: frozenset[str]
    since: str | None = None
    row: Row | None = None


class Model:
    """The answers to some questions as unknowns, with all that is told of them."""

    def __init__(self, claims: Claims, asked: Iterable[Asked]) -> None:
        self.system = System()
        self._asked = frozenset(asked)
        self._snapshots = {one.name: one for one in claims.snapshots}
        self._sheets: dict[tuple[str, str], int] = {}
        self._columns: dict[tuple[str, str, str], list[int]] = {}
        self._admitted: dict[int, int] = {}
        for name in dict.fromkeys(snapshot for snapshot, _ in sorted(self._asked)):
            self._add_snapshot(self._snapshots[name])
        for earlier, later in claims.grows:
            self._add_growth(earlier, later)

    def counts(self, target: Target) -> list[Sum]:
        """How many of the target chose 1, 2, 3, 4 and 5, as sums of unknowns."""
        return [dict(self._signed(target, at)) for at in range(len(VALUES))]

    def admit(self, snapshot: str, question: str, group: str, value: int) -> None:
        """Somebody of the group is known to have chosen this value, 1 to 5."""
        place = self._columns[snapshot, question, group][value - 1]
        self._admitted[place] = self._admitted.get(place, 0) + 1
        self.system.require(Limit({place: 1.0}, low=self._admitted[place]))

    def _signed(self, target: Target, at: int) -> Iterator[tuple[int, float]]:
        for group in target.groups:
            yield self._columns[target.snapshot, target.question, group][at], 1.0
            earlier = self._columns.get((target.since or "", target.question, group))
            if earlier:
                yield earlier[at], -1.0

    def _add_snapshot(self, snapshot: Snapshot) -> None:
        self._sheets |= {
            (snapshot.name, group): self.system.number(0, size) for group, size in snapshot.sizes.items()
        }
        for groups, span in snapshot.sheets:
            self.system.require(Limit(self._sheets_of(snapshot.name, groups), *span))
        for name, question in sorted(self._asked):
            if name == snapshot.name:
                self._add_question(snapshot, question)
        for row in snapshot.rows:
            if all((snapshot.name, question) in self._asked for question in row.questions):
                self._add_row(snapshot, row)
        for few in snapshot.few:
            if (snapshot.name, few.question) in self._asked:
                self._add_few(snapshot, few)

    def _sheets_of(self, snapshot: str, groups: Iterable[str]) -> Sum:
        return dict.fromkeys((self._sheets[snapshot, group] for group in groups), 1.0)

    def _add_question(self, snapshot: Snapshot, question: str) -> None:
        """Everyone with a sheet chose a number, cannot tell, or gave nothing that counts."""
        for group, size in snapshot.sizes.items():
            columns = [self.system.number(0, size) for _ in range(_COLUMNS)]
            self._columns[snapshot.name, question, group] = columns
            sheet = self._sheets[snapshot.name, group]
            self.system.require(Limit({**dict.fromkeys(columns, 1.0), sheet: -1.0}, 0, 0))
        told = (snapshot.cannot_tell or {}).get(question)
        if told:
            self.system.require(Limit(self._sum(snapshot.name, (question,), snapshot.sizes, DK), *told.span))

    def _sum(self, snapshot: str, questions: Iterable[str], groups: Iterable[str], at: int) -> Sum:
        people = [(question, group) for question in questions for group in groups]
        return {self._columns[snapshot, question, group][at]: 1.0 for question, group in people}

    def _add_row(self, snapshot: Snapshot, row: Row) -> None:
        sums = [self._sum(snapshot.name, row.questions, row.groups, at) for at in range(len(VALUES))]
        for condition in row.figures.conditions():
            self.system.require_one(_limits(condition, sums))

    def _add_few(self, snapshot: Snapshot, few: Few) -> None:
        ways = []
        for part in few.parts:
            numbers = [self._sum(snapshot.name, (few.question,), part, at) for at in range(len(VALUES))]
            ways.append([Limit(_together(numbers), high=few.most)])
        self.system.require_one(ways)

    def _add_growth(self, earlier: str, later: str) -> None:
        for (snapshot, question, group), columns in list(self._columns.items()):
            grown = self._columns.get((later, question, group))
            if snapshot == earlier and grown:
                self.system.require(
                    *(Limit({new: 1.0, old: -1.0}, low=0) for old, new in zip(columns, grown, strict=True))
                )


def _limits(condition: Condition, sums: Sequence[Sum]) -> list[list[Limit]]:
    """Bounds on five counts as limits on the unknowns that make them up."""
    return [
        [
            Limit(
                {
                    place: bound.weights[at] * sign
                    for at, one in enumerate(sums)
                    for place, sign in one.items()
                    if bound.weights[at]
                },
                bound.low,
                bound.high,
            )
            for bound in way
        ]
        for way in condition
    ]


def _together(sums: Iterable[Sum]) -> Sum:
    return {place: sign for one in sums for place, sign in one.items()}


def learned(model: Model, target: Target, own: Counts) -> Leak | None:
    """Whether the target's answers, but for the insiders' own, must be one same answer."""
    counts = model.counts(target)
    system, marks = _marked(model.system, counts, own)
    found = system.solve(dict.fromkeys(marks, -1.0))
    if found is None:
        return None
    chosen = [at for at, mark in enumerate(marks) if found[mark]]
    if len(chosen) != 1:
        return None
    others, other_marks = _marked(model.system, counts, own)
    others.require(Limit({other_marks[chosen[0]]: 1.0}, high=0))
    others.require(Limit(dict.fromkeys(other_marks, 1.0), low=1))
    if others.solve() is None:
        return Leak(answer=VALUES[chosen[0]], own=own)
    return Leak(own=own) if _can_be_several(model.system, counts, own) else None


def _marked(system: System, counts: Sequence[Sum], own: Counts) -> tuple[System, list[int]]:
    """A mark for each answer, which may be set where somebody but the insiders gave it."""
    asked, marks = system.copy(), []
    for at, count in enumerate(counts):
        mark = asked.number(0, 1)
        asked.require(Limit({**count, mark: -1.0}, low=own[at]))
        marks.append(mark)
    return asked, marks


def _can_be_several(system: System, counts: Sequence[Sum], own: Counts) -> bool:
    """True where more than one person may remain."""
    asked = system.copy()
    asked.require(*(Limit(count, low=mine) for count, mine in zip(counts, own, strict=True)))
    asked.require(Limit(_together(counts), low=sum(own) + 2))
    return asked.solve() is not None


def known_closely(model: Model, target: Target, k: int) -> Leak | None:
    """Whether the mean of fewer than k people is known to less than a point, however many answered."""
    counts = model.counts(target)
    everyone = _together(counts)
    how_many = model.system.span(everyone)
    if how_many is None or not 0 < how_many[1] < k:
        return None
    means = []
    for size in range(max(1, how_many[0]), how_many[1] + 1):
        asked = model.system.copy()
        asked.require(Limit(everyone, size, size))
        span = asked.span(_weighted(counts))
        if span is not None:
            means.append((span[0] / size, span[1] / size))
    lowest, highest = min(low for low, _ in means), max(high for _, high in means)
    return Leak(size=how_many[1], span=(lowest, highest)) if highest - lowest < 1 else None


def _weighted(counts: Sequence[Sum]) -> Sum:
    return {
        place: value * sign for value, one in zip(VALUES, counts, strict=True) for place, sign in one.items()
    }


def leaks(model: Model, target: Target, owns: Owns, k: int) -> list[Leak]:
    """Everything that follows about a target for insiders in it who gave ``owns``."""
    found = [learned(model, target, own) for own in owns]
    if target.row is None or target.row.figures.n.high < k:
        found.append(known_closely(model, target, k))
    return [leak for leak in found if leak is not None]


def components(claims: Claims) -> Mapping[Asked, frozenset[Asked]]:
    """Each question of each snapshot, with all that must be read together with it."""
    together: dict[Asked, set[Asked]] = {}
    for snapshot in claims.snapshots:
        for row in snapshot.rows:
            _join(together, [(snapshot.name, question) for question in row.questions])
    for earlier, later in claims.grows:
        for name, question in list(together):
            if name == later and (earlier, question) in together:
                _join(together, [(earlier, question), (later, question)])
    return {asked: frozenset(all_) for asked, all_ in together.items()}


def _join(together: dict[Asked, set[Asked]], these: Sequence[Asked]) -> None:
    joined = {one for asked in these for one in together.get(asked, {asked})}
    for asked in joined:
        together[asked] = joined


def targets(claims: Claims, asked: Asked) -> Iterator[Target]:
    """Whom rows tell apart: groups that always stand together, small groups in them, newcomers."""
    name, question = asked
    snapshot = next(one for one in claims.snapshots if one.name == name)
    rows = [row for row in snapshot.rows if question in row.questions]
    for groups in _kinds(snapshot.sizes, rows):
        row = next((one for one in rows if one.groups == groups and one.questions == (question,)), None)
        yield Target(name, question, groups, row=row)
        small = (group for group in sorted(groups) if len(groups) > 1 and snapshot.sizes[group] < snapshot.k)
        yield from (Target(name, question, frozenset({group})) for group in small)
    for earlier, later in claims.grows:
        if later == name:
            yield Target(name, question, frozenset(snapshot.sizes), since=earlier)


def _kinds(groups: Iterable[str], rows: Sequence[Row]) -> list[frozenset[str]]:
    """Groups by the rows they are in; those in none are not told of."""
    kinds: dict[tuple[bool, ...], set[str]] = {}
    for group in groups:
        kinds.setdefault(tuple(group in row.groups for row in rows), set()).add(group)
    return [frozenset(kind) for within, kind in kinds.items() if any(within)]
