"""How well the place on the path is found: made-up organisations whose true place is known.

    python -m bench.place_simulation [RUNS]     prints the table of docs/measures.md (default 300 runs a line)

Everyone answers every question. Answers go through the product's own cells and place; nothing is imitated.
"""

import sys
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from survey_service.aggregator.findings import cell
from survey_service.aggregator.place import Place, Sign, place, rows_of
from survey_service.instrument import catalog

CORE = catalog.instrument("core/1")
TRUE_PLACE = 6
SEED = 20261123
LAYOUTS = ((5,), (7,), (10,), (16,), (45,), (5, 5), (7, 9), (7, 9, 16))

#: Shares of answers 1 to 5 on a step that is done, and on one that is open.
CLEAR = ((0.02, 0.04, 0.10, 0.44, 0.40), (0.30, 0.36, 0.20, 0.10, 0.04))
LUKEWARM = ((0.03, 0.09, 0.20, 0.44, 0.24), (0.16, 0.30, 0.30, 0.18, 0.06))
FAINT = ((0.04, 0.11, 0.25, 0.40, 0.20), (0.12, 0.26, 0.32, 0.22, 0.08))
AGREED = (0.03, 0.05, 0.07, 0.45, 0.40)

Shares = Sequence[float]
Situation = Callable[[int], Shares]


def clear(step: int) -> Shares:
    """Steps 1 to 6 plainly done, the rest plainly open."""
    return CLEAR[step > TRUE_PLACE]


def lukewarm(step: int) -> Shares:
    """The same, said half-heartedly: 68 % agree that a done step is done, 24 % that an open one is."""
    return LUKEWARM[step > TRUE_PLACE]


def faint(step: int) -> Shares:
    """Hardly a difference: 60 % agree that a done step is done, 30 % that an open one is."""
    return FAINT[step > TRUE_PLACE]


def half_way(step: int) -> Shares:
    """Clear, but step 7 is half done: between the two."""
    done, still_open = CLEAR
    between = [(one + other) / 2 for one, other in zip(done, still_open, strict=True)]
    return between if step == TRUE_PLACE + 1 else clear(step)


def out_of_order(step: int) -> Shares:
    """Clear, but step 3 was left open on the way."""
    return CLEAR[1] if step == 3 else clear(step)


def agreed(step: int) -> Shares:
    """85 % agree to everything."""
    return AGREED


SITUATIONS: Sequence[Situation] = (clear, lukewarm, faint, half_way, out_of_order, agreed)


def found(chance: np.random.Generator, situation: Situation, parts: Sequence[int]) -> Place:
    """One organisation of parts with so many people each, asked once."""
    shares = {question.id: situation(question.step) for question in CORE.questions}
    signs = {id_: [_sign(chance.multinomial(people, row)) for people in parts] for id_, row in shares.items()}
    here = place(rows_of(CORE, signs))
    assert here is not None  # every step was heard
    return here


def _sign(counts: NDArray[np.int64]) -> Sign:
    shown = cell("", counts.tolist(), k=5)
    return Sign(shown.band, shown.camps, shown.answered)


def line(chance: np.random.Generator, situation: Situation, parts: Sequence[int], runs: int) -> str:
    """One line of the table: quartiles of the place found, and how often the range holds the true one."""
    places = [found(chance, situation, parts) for _ in range(runs)]
    quartiles = np.percentile([one.reached for one in places], [25, 50, 75])
    true = 13 if situation is agreed else TRUE_PLACE
    held = sum(one.start <= true <= one.end for one in places) / runs
    layout = " + ".join(map(str, parts))
    numbers = " / ".join(f"{quartile:g}" for quartile in quartiles)
    return f"| {situation.__name__.replace('_', ' ')} | {layout} | {numbers} | {held:.0%} |"


def main(runs: int) -> None:
    """Print the table in Markdown."""
    chance = np.random.default_rng(SEED)
    print("| answers | people in each part | place found: lower quartile / median / upper | range holds it |")
    print("|---|---|---|---:|")
    for situation in SITUATIONS:
        for parts in LAYOUTS:
            print(line(chance, situation, parts, runs))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
