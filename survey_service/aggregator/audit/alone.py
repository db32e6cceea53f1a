"""A row whose answers stand in no other figure: it is read by itself, for each number of people it may have.

Whatever the true numbers are, all but this row's answers may be thought fixed at them. So if something stays
open for every n that the row allows, it stays open to every reader.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement

from survey_service.aggregator.audit.figures import VALUES, Bound, Figures, Span
from survey_service.aggregator.audit.system import Limit, System

Counts = tuple[int, ...]
Owns = tuple[Counts, ...]
NOBODY: Counts = (0,) * len(VALUES)
#: Tables kept of each row; more than a few are never needed.
_MOST_TABLES = 16
#: More ways than these are tried one by one, from the middle: far faster than as a choice within one system.
_FEW_WAYS = 5
#: Up to here every number of answers is tried.
_EACH_TO = 59


@dataclass(frozen=True)
class Leak:
    """What follows: of everyone but insiders who gave ``own``, or of any ``size`` people (0: of all).

    ``answer``: the one answer, where it is known which; ``own``: counts; ``span``: lowest and highest mean.
    """

    answer: int | None = None
    own: Counts = NOBODY
    size: int = 0
    span: tuple[float, float] | None = None


def own_answers(insiders: int) -> Iterator[Counts]:
    """What up to so many insiders may have answered, as counts; first nobody."""
    for several in range(insiders + 1):
        for answers in combinations_with_replacement(VALUES, several):
            yield tuple(answers.count(value) for value in VALUES)


def numbers(span: Span) -> list[int]:
    """The numbers of answers to try: all to 59; beyond, where far more tables fit, only the ends."""
    each = list(range(span.low, min(span.high, _EACH_TO) + 1))
    beyond = {max(span.low, _EACH_TO + 1), span.high} if span.high > _EACH_TO else set()
    return each + sorted(beyond)


@cache
def leaks(shape: Figures, n: int, owns: Owns, small: int) -> tuple[Leak, ...]:
    """What follows of n answers of this shape for insiders who gave ``owns``; and of up to ``small`` of them.

    ``shape``: figures told of the lowest n of their step. ``small``: people in the largest group among them
    that is too small to be shown; 0 for none.
    """
    tables = _tables(shape, n)
    if not tables.known:
        return ()
    found = [tables.of_one_mind(own) for own in owns]
    found += [tables.known_closely(size) for size in range(1, min(small + 1, n))]
    return tuple(leak for leak in found if leak is not None)


def is_possible(shape: Figures, n: int) -> bool:
    """True where some n answers look like this."""
    return bool(_tables(shape, n).known)


@cache
def _tables(shape: Figures, n: int) -> "Tables":
    nearby: Iterable[Counts] = ()
    if shape.n.low < n <= _EACH_TO:
        nearby = (_add(table, value) for table in _tables(shape, n - 1).known for value in VALUES)
    elif n > _EACH_TO >= shape.n.low:
        nearby = (_scaled(table, n) for table in _tables(shape, _EACH_TO).known)
    return Tables(shape.of(n), n, set(nearby))


class Tables:
    """Some of the tables of n answers that look alike, and a way to ask for others."""

    def __init__(self, figures: Figures, n: int, nearby: Iterable[Counts]) -> None:
        fitting = sorted(filter(figures.fit, nearby), key=_variety, reverse=True)
        self.known: list[Counts] = fitting[:_MOST_TABLES]
        self._n = n
        self._places = list(range(len(VALUES)))
        self._systems = _systems(figures, n)
        if not self.known:
            self._ask(NOBODY)

    def of_one_mind(self, own: Counts) -> Leak | None:
        """Whether all but the insiders must have given one same answer."""
        others = self._n - sum(own)
        if others < 1 or any(self._differ(table, own) for table in self.known):
            return None
        first = self._ask(own)
        if first is None or self._differ(first, own):
            return None
        answer = next(at for at, value in enumerate(VALUES) if first[at] > own[at])
        second = self._ask(own, but=answer)
        if second is None:
            return Leak(answer=VALUES[answer], own=own)
        return None if others == 1 else Leak(own=own)

    def known_closely(self, size: int) -> Leak | None:
        """Whether the mean of any so many of them is known to less than a point."""
        lowest = min(sum(_sorted(table)[:size]) for table in self.known)
        highest = max(sum(_sorted(table)[-size:]) for table in self.known)
        if highest - lowest >= size:
            return None
        span = self._span(size)
        if span is None or span[1] - span[0] >= size:
            return None
        return Leak(size=size, span=(span[0] / size, span[1] / size))

    def _differ(self, table: Counts, own: Counts) -> bool:
        others = [count - mine for count, mine in zip(table, own, strict=True)]
        return min(others) >= 0 and sum(count > 0 for count in others) > 1

    def _ask(self, own: Counts, but: int | None = None) -> Counts | None:
        """A table with the insiders' answers and some variety among the others, if there is one; kept."""
        best: Counts | None = None
        for system in self._systems:
            found = self._ask_one(system.copy(), own, but)
            best = found or best
            if found and (but is not None or self._differ(found, own)):
                break
        if best is not None:
            self.known.append(best)
        return best

    def _ask_one(self, system: System, own: Counts, but: int | None) -> Counts | None:
        marks = []
        for at, place in enumerate(self._places):
            mark = system.number(0, 0 if at == but else 1)
            system.require(Limit({place: 1, mark: -1}, low=own[at]))
            marks.append(mark)
        if but is not None:
            system.require(Limit({self._places[but]: 1}, high=own[but]))
        found = system.solve(dict.fromkeys(marks, -1.0))
        return None if found is None else tuple(found[place] for place in self._places)

    def _span(self, size: int) -> tuple[int, int] | None:
        """The least and greatest sum of so many of the answers."""
        spans = [span for span in (self._span_of(one.copy(), size) for one in self._systems) if span]
        return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else None

    def _span_of(self, system: System, size: int) -> tuple[int, int] | None:
        among = [system.number(0, size) for _ in VALUES]
        system.require(Limit(dict.fromkeys(among, 1.0), size, size))
        system.require(
            *(Limit({all_: 1, some: -1}, low=0) for all_, some in zip(self._places, among, strict=True))
        )
        return system.span(dict(zip(among, map(float, VALUES), strict=True)))


def _systems(figures: Figures, n: int) -> list[System]:
    """The five counts, first of all unknowns, under the figures; a system for each mean where many fit."""
    common, systems = System(), []
    places = [common.number(0, n) for _ in VALUES]
    many: list[list[Limit]] = [[]]
    for condition in figures.conditions():
        ways = [[_limit(places, bound) for bound in way] for way in condition]
        if len(ways) > _FEW_WAYS:
            middle = len(ways) // 2
            many = [*ways[middle:], *reversed(ways[:middle])]
        else:
            common.require_one(ways)
    for way in many:
        systems.append(common.copy())
        systems[-1].require(*way)
    return systems


def _limit(places: Sequence[int], bound: Bound) -> Limit:
    return Limit(dict(zip(places, bound.weights, strict=True)), bound.low, bound.high)


def _add(table: Counts, value: int) -> Counts:
    return tuple(count + (one == value) for one, count in zip(VALUES, table, strict=True))


def _scaled(table: Counts, n: int) -> Counts:
    """The same shares of n, what is over with the most frequent answer."""
    shares = [count * n // sum(table) for count in table]
    shares[shares.index(max(shares))] += n - sum(shares)
    return tuple(shares)


def _variety(table: Counts) -> int:
    """Greater where there is some of every answer: such a table serves most insiders."""
    return sum(min(count, 3) for count in table)


def _sorted(table: Counts) -> list[int]:
    return [value for value, count in zip(VALUES, table, strict=True) for _ in range(count)]
