"""Figures as bounds: what a band, a flag or a decimal says of how many people chose 1, 2, 3, 4 and 5.

This is the reader's own arithmetic, from docs/report.md; it asks nothing of the code that made the report.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, NamedTuple

VALUES: Final = (1, 2, 3, 4, 5)
#: A number that cannot be reached; beside it no bound matters.
MANY: Final = 10**6
ALL: Final = (1.0,) * len(VALUES)
#: Band -> edge of its lower and upper end in tenths, and whether a mean on it still belongs to the band.
BANDS: Final = {
    1: ((10, True), (20, True)),
    2: ((20, False), (27, True)),
    3: ((27, False), (33, False)),
    4: ((33, True), (40, False)),
    5: ((40, True), (50, True)),
}
#: Consensus hangs on the mean, so each possible mean is a way of its own; of a wider n it is not read.
WIDEST: Final = 20
#: Consensus is compared with this much room, so that no rounding decides.
ROOM: Final = 1e-7


class Span(NamedTuple):
    """A whole number known to lie between two others, both included."""

    low: int
    high: int

    def meets(self, other: "Span") -> "Span":
        """What both say."""
        return Span(max(self.low, other.low), min(self.high, other.high))


class Bound(NamedTuple):
    """low <= the weighted sum of the five counts <= high."""

    weights: tuple[float, ...]
    low: float
    high: float


#: Bounds that hold together; and several such ways, of which at least one holds.
Way = Sequence[Bound]
Condition = Sequence[Way]


@dataclass(frozen=True)
class Figures:
    """What is told of some answers; None where it is not told.

    ``n``: how many they are. ``mean``: the lowest and highest that its printed decimals allow. ``consensus``:
    the same, the upper end excluded. ``counts``: how many chose 1 to 5. ``of_one_mind``: all gave one answer.
    """

    n: Span
    band: int | None = None
    camps: bool | None = None
    consensus: tuple[float, float] | None = None
    mean: tuple[Fraction, Fraction] | None = None
    counts: tuple[int, ...] | None = None
    of_one_mind: bool = False

    def of(self, n: int) -> "Figures":
        """The same, told of exactly n answers."""
        return replace(self, n=Span(n, n))

    def fit(self, counts: Sequence[int]) -> bool:
        """True where so many people choosing 1 to 5 would look like this."""
        n, total = sum(counts), sum(value * count for value, count in zip(VALUES, counts, strict=True))
        return (
            self.n.low <= n <= self.n.high
            and (self.band is None or _is_in(self.band, n, total))
            and (self.mean is None or self.mean[0] * n <= total <= self.mean[1] * n)
            and (self.counts is None or tuple(counts) == self.counts)
            and (self.camps is None or self.camps == _has_camps(counts))
            and (not self.of_one_mind or max(counts) == n)
            and (self.consensus is None or self._fits_consensus(counts, n, total))
        )

    def _fits_consensus(self, counts: Sequence[int], n: int, total: int) -> bool:
        assert self.consensus is not None
        low, high = self.consensus
        nearness = zip(counts, _nearness(n, total), strict=True)
        found = 1 + sum(count * near for count, near in nearness) / n if n else 1.0
        return low - ROOM <= found < high

    def conditions(self) -> Iterator[Condition]:
        """What they say of the five counts."""
        yield [[Bound(ALL, *self.n)]]
        if self.band is not None:
            yield [_band(self.band)]
        if self.mean is not None:
            yield [[_at_least(self.mean[0]), _at_most(self.mean[1])]]
        if self.counts is not None:
            yield [[Bound(_only(value), n, n) for value, n in zip(VALUES, self.counts, strict=True)]]
        if self.camps is not None:
            yield _camps(has=self.camps)
        if self.of_one_mind:
            yield [[Bound(_but(value), 0, 0)] for value in VALUES]
        if self.consensus is not None and self.n.high - self.n.low <= WIDEST:
            yield list(_consensus(self, *self.consensus))


def _band(band: int) -> Way:
    """Ten times the sum of (answer - edge): at an edge that is excluded it is at least one away."""
    (low, has_low), (high, has_high) = BANDS[band]
    return [
        Bound(_from(low), 0 if has_low else 1, math.inf),
        Bound(_from(high), -math.inf, 0 if has_high else -1),
    ]


def _from(tenths: int) -> tuple[float, ...]:
    return tuple(float(10 * value - tenths) for value in VALUES)


def _at_least(mean: Fraction) -> Bound:
    return Bound(_scaled(mean), 0, math.inf)


def _at_most(mean: Fraction) -> Bound:
    return Bound(_scaled(mean), -math.inf, 0)


def _scaled(mean: Fraction) -> tuple[float, ...]:
    """The answers' distances from a mean, as whole numbers."""
    return tuple(float(value * mean.denominator - mean.numerator) for value in VALUES)


def _camps(*, has: bool) -> Condition:
    """At least a quarter at 1 or 2 and at least a quarter at 4 or 5; or one of them is smaller."""
    low, high = (3.0, 3.0, -1.0, -1.0, -1.0), (-1.0, -1.0, -1.0, 3.0, 3.0)
    if has:
        return [[Bound(low, 0, math.inf), Bound(high, 0, math.inf)]]
    return [[Bound(side, -math.inf, -1)] for side in (low, high)]


def _consensus(figures: Figures, low: float, high: float) -> Iterator[Way]:
    """With n and the sum the mean is given; then Tastle & Wierman's formula is a weighted sum of counts."""
    for n, total in _means(figures):
        yield [
            Bound(ALL, n, n),
            Bound(tuple(map(float, VALUES)), total, total),
            Bound(_nearness(n, total), n * (low - 1) - ROOM, n * (high - 1) - ROOM),
        ]


def _means(figures: Figures) -> list[tuple[int, int]]:
    """Every pair of n and a sum of n answers that the band allows."""
    numbers = range(figures.n.low, figures.n.high + 1)
    pairs = ((n, total) for n in numbers for total in range(n, 5 * n + 1))
    return [pair for pair in pairs if figures.band is None or _is_in(figures.band, *pair)]


def _is_in(band: int, n: int, total: int) -> bool:
    (low, has_low), (high, has_high) = BANDS[band]
    return low * n + (not has_low) <= 10 * total <= high * n - (not has_high)


def _has_camps(counts: Sequence[int]) -> bool:
    n = sum(counts)
    return 4 * (counts[0] + counts[1]) >= n and 4 * (counts[3] + counts[4]) >= n


def _nearness(n: int, total: int) -> tuple[float, ...]:
    """log2(1 - distance from the mean / 4) of each answer; what cannot occur counts nothing."""
    shares = [4 * n - abs(value * n - total) for value in VALUES]
    return tuple(math.log2(share / (4 * n)) if share else 0.0 for share in shares)


def _only(value: int) -> tuple[float, ...]:
    return tuple(float(one == value) for one in VALUES)


def _but(value: int) -> tuple[float, ...]:
    return tuple(float(one != value) for one in VALUES)
