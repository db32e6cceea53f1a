"""Remakes the place table: how likely a cell is if its step is done, and if it is open.

    python -m bench.place_table           prints the table; is it the one in the package?
    python -m bench.place_table --exact   is that near the exact shares, over every table of answers?

Answers of a done and of an open step are Dirichlet-multinomial with the weights of the file's "model". To
every share a ten-thousandth is added, so that no single cell can rule a place out. Exit status 1 for no.
"""

import json
import math
import sys
from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from survey_service.aggregator import measures
from survey_service.aggregator.place import TABLE

Shares = NDArray[np.float64]

MODEL = TABLE["model"]
NEVER_NONE = 1e-4
STATES = ("done", "open")
#: Standard errors of a simulated share that still count as agreement with the exact one.
TOLERANCE = 4.5


def simulated() -> dict[str, dict[str, list[list[float]]]]:
    """The table from draws, rounded to four places; the same for the same seed."""
    chance = np.random.default_rng(MODEL["seed"])
    return {
        step: {state: _rounded(_draw(chance, MODEL[state], people)) for state in STATES}
        for step, people in MODEL["people_assumed"].items()
    }


def exact(people: int, weights: Sequence[float]) -> Shares:
    """The shares of band and camps over every table of so many people, each with its exact probability."""
    counts = np.array(list(_tables(people)))
    logs = math.lgamma(people + 1) + math.lgamma(sum(weights)) - math.lgamma(people + sum(weights))
    total = np.full(len(counts), logs)
    for answer, weight in enumerate(weights):
        term = [math.lgamma(c + weight) - math.lgamma(weight) - math.lgamma(c + 1) for c in range(people + 1)]
        total += np.array(term)[counts[:, answer]]
    return _shares(counts, np.exp(total))


def _draw(chance: np.random.Generator, weights: Sequence[float], people: int) -> Shares:
    answers = chance.multinomial(people, chance.dirichlet(weights, MODEL["draws"]))
    counts, times = np.unique(answers, axis=0, return_counts=True)
    return _shares(counts, times / MODEL["draws"])


def _shares(counts: NDArray[np.int64], probability: Shares) -> Shares:
    """Five rows of bands by two columns, without and with camps."""
    shares = np.zeros((5, 2))
    for row, weight in zip(counts.tolist(), probability.tolist(), strict=True):
        band = measures.band(row)
        assert band is not None
        shares[band - 1, int(measures.has_camps(row))] += weight
    return (shares + NEVER_NONE) / (1 + 10 * NEVER_NONE)


def _tables(people: int) -> list[tuple[int, ...]]:
    firsts = (four for four in product(range(people + 1), repeat=4) if sum(four) <= people)
    return [(*four, people - sum(four)) for four in firsts]


def _rounded(shares: Shares) -> list[list[float]]:
    rows: list[list[float]] = np.round(shares, 4).tolist()
    return rows


def _is_near(shares: Shares, shipped: Shares) -> bool:
    error = np.sqrt(shares * (1 - shares) / MODEL["draws"])
    return bool((np.abs(shares - shipped) <= TOLERANCE * error + 1e-4).all())


def check_exact() -> bool:
    """Say for each n-step and state whether the shipped shares agree with the exact ones."""
    found = []
    for (step, people), state in product(MODEL["people_assumed"].items(), STATES):
        found.append(_is_near(exact(people, MODEL[state]), np.array(TABLE["table"][step][state])))
        print(f"{step:>6} {state}: {'agrees' if found[-1] else 'DIFFERS'}")
    return all(found)


def check_simulated() -> bool:
    """Print the table made anew, and whether it is the shipped one."""
    made = simulated()
    is_same = bool(made == TABLE["table"])
    print(json.dumps(made))
    print("the same as the package's" if is_same else "NOT the package's")
    return is_same


if __name__ == "__main__":
    is_well = check_exact() if "--exact" in sys.argv else check_simulated()
    sys.exit(0 if is_well else 1)
