"""What may be shown, decided by how many answered and by nothing else (anonymity.md, section 4).

The limits were found by trying every possible table; ``tests/promises/test_the_menu_is_safe.py`` tries them
again. A figure that is added here is first added there.
"""

from collections.abc import Sequence
from itertools import pairwise

#: Lowest numbers of the steps in which n is shown, by k; no k below 5, nor any other, is allowed.
_STARTS = {5: (5, 10, 20, 40), 9: (9, 20, 40)}
#: The n from which the richer menu is safe.
_FULL = {5: 10, 9: 20}

RAISED = "raised"
THREE_LEVELS = "three levels"


class BelowFloor(ValueError):
    """A number of answers, or a k, for which nothing may be shown."""


def steps(k: int) -> tuple[str, ...]:
    """The steps in which n is shown: '5-9', '10-19', '20-39', '40+' for k = 5. Raises BelowFloor."""
    starts = _starts(k)
    between = [f"{start}-{following - 1}" for start, following in pairwise(starts)]
    return (*between, f"{starts[-1]}+")


def n_step(n: int, k: int) -> str:
    """The step that holds n. Raises BelowFloor for fewer than k."""
    reached = [step for step, start in zip(steps(k), _starts(k), strict=True) if start <= n]
    if not reached:
        raise BelowFloor(n)
    return reached[-1]


def shows_consensus(n: int, k: int) -> bool:
    """True where a cell of n answers may carry the consensus mark beside band and camps."""
    return n >= _full(k)


def tick_menu(n: int, k: int) -> str:
    """How ticks among n people are shown: 'raised' or 'three levels'."""
    return THREE_LEVELS if n >= _full(k) else RAISED


def raised_from(n: int) -> int:
    """The number of ticks from which a concern is raised among n people: about half, never all but one."""
    return min(max(3, (n + 1) // 2), n - 2)


def tick_level(ticks: int, n: int, k: int) -> bool | int:
    """What is shown of ticks among n people: raised or not; or 0 under a quarter, 1 under half, 2 beyond."""
    if n < k:
        raise BelowFloor(n)
    if tick_menu(n, k) == RAISED:
        return ticks >= raised_from(n)
    return (4 * ticks >= n) + (2 * ticks >= n)


def _starts(k: int) -> Sequence[int]:
    if k not in _STARTS:
        raise BelowFloor(k)
    return _STARTS[k]


def _full(k: int) -> int:
    _starts(k)
    return _FULL[k]
