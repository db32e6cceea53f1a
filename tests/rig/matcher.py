"""A matcher of people with answers: by every order a thief has on either side; and what chance would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erfc, exp, factorial, sqrt

ALPHA = 0.002


@dataclass(frozen=True)
class Verdict:
    """The best pair of orders. ``p``: how often chance alone does as well, over all pairs tried.

    ``low`` and ``high`` bound the hit rate at 95 % (Wilson); ``correlation``: the strongest of ranks.
    """

    orders: str
    hits: int
    people: int
    p: float
    correlation: float
    p_correlation: float

    @property
    def low(self) -> float:
        """Lower bound of the hit rate."""
        return self._bound(-1)

    @property
    def high(self) -> float:
        """Upper bound of the hit rate."""
        return self._bound(1)

    @property
    def beats_chance(self) -> bool:
        """All pairs counted in; so strict that chance alone is taken for a leak once in 250 runs."""
        return self.p < ALPHA or self.p_correlation < ALPHA

    def _bound(self, sign: int) -> float:
        n, rate, z = self.people, self.hits / self.people, 1.96
        spread = z * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
        return (rate + z * z / (2 * n) + sign * spread) / (1 + z * z / n)

    def __str__(self) -> str:
        rate, chance = self.hits / self.people, 1 / self.people
        return (
            f"best matcher ({self.orders}): {self.hits} of {self.people} = {rate:.1%} "
            f"[95 %: {self.low:.1%} to {self.high:.1%}], chance {chance:.1%}, p = {self.p:.2f}; "
            f"strongest rank correlation {self.correlation:+.2f}, p = {self.p_correlation:.2f}"
        )


def best(people: Mapping[str, Sequence[str]], answers: Mapping[str, Sequence[str]]) -> Verdict:
    """Lay each order of people beside each order of answers, forwards and backwards.

    A person and their answer carry the same name here, so that a hit can be seen; the thief does not know it.
    """
    tried: list[tuple[int, float, str]] = []
    for who, names in people.items():
        for what, found in answers.items():
            for direction, listed in (("", list(found)), (" backwards", list(found)[::-1])):
                hits = sum(one == other for one, other in zip(names, listed, strict=False))
                tried.append((hits, _correlation(names, listed), f"{who} / {what}{direction}"))
    hits, _, orders = max(tried)
    correlation = max((one[1] for one in tried), key=abs)
    count = len(next(iter(people.values())))
    return Verdict(
        orders=orders,
        hits=hits,
        people=count,
        p=min(1.0, len(tried) * _at_least(hits)),
        correlation=correlation,
        p_correlation=min(1.0, len(tried) * erfc(abs(correlation) * sqrt((count - 1) / 2))),
    )


def _at_least(hits: int) -> float:
    """Chance of so many fixed points in a random order: Poisson with mean 1, beyond a few people."""
    return 1 - sum(exp(-1) / factorial(number) for number in range(min(hits, 100)))


def _correlation(names: Sequence[str], listed: Sequence[str]) -> float:
    """Spearman's, over those found on both sides."""
    place = {name: number for number, name in enumerate(listed)}
    pairs = [(number, place[name]) for number, name in enumerate(names) if name in place]
    middle = (len(pairs) - 1) / 2
    ranks = {one: rank for rank, one in enumerate(sorted(second for _, second in pairs))}
    firsts = {one: rank for rank, one in enumerate(sorted(first for first, _ in pairs))}
    top = sum((firsts[first] - middle) * (ranks[second] - middle) for first, second in pairs)
    return top / sum((rank - middle) ** 2 for rank in range(len(pairs)))
