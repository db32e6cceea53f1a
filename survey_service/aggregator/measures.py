"""What one cell's answers say, from how many people chose 1, 2, 3, 4 and 5.

``counts`` is always five whole numbers, of a reverse question already turned.
Decisions are made with integers, so that no rounding decides them.
"""

import math
from collections.abc import Sequence

#: Edges between the five bands, on the scale of the answers.
BAND_EDGES = (2.0, 2.7, 3.3, 4.0)
CONSENSUS_MARK = 0.6
_EDGES_IN_TENTHS = (20, 27, 33, 40)
_DIGITS = 9


def mean(counts: Sequence[int]) -> float | None:
    """Mean answer, 1.0 to 5.0; None where nobody answered."""
    n = sum(counts)
    return _total(counts) / n if n else None


def band(counts: Sequence[int]) -> int | None:
    """Band of the mean, 1 (low) to 5 (high); None where nobody answered.

    A mean on 2.0 or 2.7 belongs to the lower band, on 3.3 or 4.0 to the higher: with 2.0 in the higher one,
    band 1 among five people and an insider's own 5 would give away the other four.
    """
    n = sum(counts)
    return _band(10 * _total(counts), tuple(edge * n for edge in _EDGES_IN_TENTHS)) if n else None


def band_of(value: float) -> int:
    """Band of a value between 1.0 and 5.0, by the same edges; rounded to 9 places first."""
    return _band(round(value, _DIGITS), BAND_EDGES)


def has_camps(counts: Sequence[int]) -> bool:
    """True where at least a quarter chose 1 or 2 and at least a quarter chose 4 or 5."""
    n = sum(counts)
    return n > 0 and 4 * (counts[0] + counts[1]) >= n and 4 * (counts[3] + counts[4]) >= n


def consensus(counts: Sequence[int]) -> float | None:
    """Tastle & Wierman (2007): 1 where all agree, 0 where half stand at each end; None where n = 0."""
    n = sum(counts)
    if n == 0:
        return None
    middle = _total(counts) / n
    return 1 + sum(
        count / n * math.log2(1 - abs(answer - middle) / 4) for answer, count in enumerate(counts, 1) if count
    )


def is_agreed(counts: Sequence[int]) -> bool:
    """The consensus mark: consensus of at least 0.6."""
    agreed = consensus(counts)
    return agreed is not None and agreed >= CONSENSUS_MARK


def _total(counts: Sequence[int]) -> int:
    return sum(answer * count for answer, count in enumerate(counts, 1))


def _band(value: float, edges: Sequence[float]) -> int:
    low, lower, higher, high = edges
    return 1 + (value > low) + (value > lower) + (value >= higher) + (value >= high)
