"""Whole numbers under linear bounds, solved exactly: the only place that knows scipy.

scipy is an optional dependency and slow to import, so it is imported where the audit is asked for.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

#: Numbers by their place -> weight.
Sum = Mapping[int, float]


class SolverMissing(ImportError):
    """scipy is not installed."""


class Limit(NamedTuple):
    """low <= sum <= high."""

    sum: Sum
    low: float = -math.inf
    high: float = math.inf


class System:
    """Unknown whole numbers and what is known of them."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []
        self._limits: list[Limit] = []

    def copy(self) -> "System":
        """The same, to ask one more thing of."""
        twin = System()
        twin._spans, twin._limits = self._spans.copy(), self._limits.copy()
        return twin

    def number(self, low: int, high: int) -> int:
        """A new unknown between two numbers; its place."""
        self._spans.append((low, max(low, high)))
        return len(self._spans) - 1

    def require(self, *limits: Limit) -> None:
        """All of these hold."""
        self._limits.extend(limits)

    def require_one(self, ways: Sequence[Sequence[Limit]]) -> None:
        """At least one of several ways holds, each a list of limits."""
        if len(ways) == 1:
            self.require(*ways[0])
            return
        chosen = [self.number(0, 1) for _ in ways]
        self.require(Limit(dict.fromkeys(chosen, 1.0), low=1))
        for choice, way in zip(chosen, ways, strict=True):
            for limit in way:
                self.require(*self._only_if(choice, limit))

    def solve(self, least: Sum | None = None) -> list[int] | None:
        """Numbers that fit, with the least such sum; None where none do. Raises SolverMissing."""
        optimize, sparse, np = _libraries()
        goal = np.zeros(len(self._spans))
        for place, weight in (least or {}).items():
            goal[place] = weight
        found = optimize.milp(
            goal,
            integrality=np.ones(len(goal)),
            bounds=optimize.Bounds(*map(list, zip(*self._spans, strict=True))),
            constraints=self._constraints(optimize, sparse),
        )
        if found.status == 2:  # no numbers fit
            return None
        if found.x is None:
            raise ArithmeticError(found.message)
        return [round(value) for value in found.x]

    def span(self, total: Sum) -> tuple[int, int] | None:
        """The least and the greatest a sum can be; None where no numbers fit."""
        least = self.solve(total)
        greatest = self.solve({place: -weight for place, weight in total.items()})
        if least is None or greatest is None:
            return None
        return _value(total, least), _value(total, greatest)

    def _only_if(self, choice: int, limit: Limit) -> Iterable[Limit]:
        """The limit, void where the choice is 0: then it asks for no more than the sum's own extremes."""
        lowest = sum(min(weight * end for end in self._spans[place]) for place, weight in limit.sum.items())
        highest = sum(max(weight * end for end in self._spans[place]) for place, weight in limit.sum.items())
        if limit.low > lowest:
            yield Limit({**limit.sum, choice: lowest - limit.low}, low=lowest)
        if limit.high < highest:
            yield Limit({**limit.sum, choice: highest - limit.high}, high=highest)

    def _constraints(self, optimize: Any, sparse: Any) -> Any:  # noqa: ANN401 - scipy has no types
        rows = [at for at, limit in enumerate(self._limits) for _ in limit.sum]
        columns = [place for limit in self._limits for place in limit.sum]
        weights = [weight for limit in self._limits for weight in limit.sum.values()]
        matrix = sparse.csr_array((weights, (rows, columns)), shape=(len(self._limits), len(self._spans)))
        lows, highs = [one.low for one in self._limits], [one.high for one in self._limits]
        return optimize.LinearConstraint(matrix, lows, highs)


def _value(total: Sum, numbers: Sequence[int]) -> int:
    return round(sum(weight * numbers[place] for place, weight in total.items()))


def _libraries() -> tuple[Any, Any, Any]:
    try:
        import numpy
        from scipy import optimize, sparse
    except ImportError as missing:
        raise SolverMissing from missing
    return optimize, sparse, numpy
