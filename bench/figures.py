"""What a measurement says, and how several rounds become one figure."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the results. ``ratio`` is ours to the baseline, None where there is no baseline.

    ``holds`` is whether the limit is kept; None where there is none.
    """

    what: str
    ours: str
    baseline: str
    ratio: float | None
    limit: str
    holds: bool | None

    def row(self) -> str:
        """As a line of a Markdown table; a limit that is passed stands in capitals."""
        verdict = {True: "kept", False: "**PAST ITS LIMIT**", None: ""}[self.holds]
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return f"| {self.what} | {self.ours} | {self.baseline} | {ratio} | {self.limit} | {verdict} |"


def taking_turns(
    ours: Callable[[], float], baseline: Callable[[], float], rounds: int = 5
) -> tuple[list[float], list[float]]:
    """Both, one after the other, so that what slows the machine slows both; each gives its own figure."""
    pairs = [(ours(), baseline()) for _ in range(rounds)]
    return [one for one, _ in pairs], [other for _, other in pairs]


def ratio(ours: Sequence[float], baseline: Sequence[float]) -> float:
    """Median of ours to median of the baseline."""
    return statistics.median(ours) / statistics.median(baseline)


def spread(values: Sequence[float], unit: str, digits: int = 0) -> str:
    """'412/s (398 to 431)': the median, and lowest to highest."""
    middle, low, high = statistics.median(values), min(values), max(values)
    return f"{middle:,.{digits}f}{unit} ({low:,.{digits}f} to {high:,.{digits}f})"


def quantile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes, by the wall's clock."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
