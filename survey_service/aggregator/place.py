"""Where on the path an organisation stands: the most credible number of steps behind it (measures.md, B5.4).

Steps 1 to s are done and the rest open. ``place_table.json`` says how likely a cell is under either, by
n-step; ``bench/place_table.py`` makes it. One step in ten may stand out of order.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, log, log1p
from pathlib import Path
from typing import Any, NamedTuple

from survey_service.instrument.model import STEPS, Instrument

TABLE: Mapping[str, Any] = json.loads(Path(__file__).with_name("place_table.json").read_text())

#: How sure one is that a step shows what it is; the rest of it may stand out of order.
IN_ORDER = 1 - TABLE["model"]["contamination"]
#: Cumulative probabilities at which the range begins and ends.
RANGE = (0.1, 0.9)
#: Steps that must have a cell before a place is told.
HEARD_STEPS = 10
#: A range this wide tells nothing.
TOO_WIDE = 4
CANNOT_TELL = "cannot tell yet"
#: The highest step reached to which each verdict belongs.
VERDICTS = (
    (3, "looking for words"),
    (5, "still gathering people"),
    (8, "working out the change"),
    (11, "ready to choose"),
    (13, "ready to start"),
)
#: Places after the point beyond which probabilities count as equal.
_DIGITS = 12


class Sign(NamedTuple):
    """What a cell says about its step: band 1 to 5, two camps or not, n as a step."""

    band: int
    camps: bool
    answered: str


@dataclass(frozen=True)
class Place:
    """Steps behind the organisation, 0 to 13, and the range that holds them."""

    reached: int
    start: int
    end: int

    @property
    def verdict(self) -> str:
        """What the place means in words; a range that is too wide means nothing."""
        if self.end - self.start >= TOO_WIDE:
            return CANNOT_TELL
        return next(verdict for highest, verdict in VERDICTS if self.reached <= highest)

    def document(self) -> dict[str, int]:
        """The place as the report's document has it."""
        return {"reached": self.reached, "from": self.start, "to": self.end}


def rows_of(instrument: Instrument, signs: Mapping[str, Sequence[Sign]]) -> list[list[Sign]]:
    """The signs of each of the 13 steps, from those of each question."""
    rows: list[list[Sign]] = [[] for _ in STEPS]
    for question in instrument.questions:
        rows[question.step - 1] += signs.get(question.id, ())
    return rows


def posterior(rows: Sequence[Sequence[Sign]]) -> list[float]:
    """Probability of each s from 0 to the number of steps, with a uniform prior; ``rows``: signs by step."""
    ahead = list(accumulate(map(_log_odds, rows), initial=0.0))
    weights = [exp(one - max(ahead)) for one in ahead]
    whole = sum(weights)
    return [one / whole for one in weights]


def place(rows: Sequence[Sequence[Sign]]) -> Place | None:
    """The most credible place (the lower on a tie) and its range; None where too few steps were heard."""
    if sum(1 for row in rows if row) < HEARD_STEPS:
        return None
    return most_credible(posterior(rows))


def most_credible(shares: Sequence[float]) -> Place:
    """The place that a posterior puts first, and the range between a tenth and nine tenths."""
    cumulative = [round(one, _DIGITS) for one in accumulate(shares)]
    start, end = (next(at for at, one in enumerate(cumulative) if one >= edge) for edge in RANGE)
    rounded = [round(one, _DIGITS) for one in shares]
    return Place(rounded.index(max(rounded)), start, end)


def _log_odds(row: Sequence[Sign]) -> float:
    """How much more likely the signs of a step are if it is done than if it is open; logarithm."""
    done = sum(_LOGS[sign.answered]["done"][sign.band - 1][sign.camps] for sign in row)
    open_ = sum(_LOGS[sign.answered]["open"][sign.band - 1][sign.camps] for sign in row)
    sure, unsure = log(IN_ORDER), log(1 - IN_ORDER)
    return _log_of_sum(sure + done, unsure + open_) - _log_of_sum(sure + open_, unsure + done)


def _log_of_sum(one: float, other: float) -> float:
    """log(exp(one) + exp(other)), where those would be too small to add."""
    return max(one, other) + log1p(exp(-abs(one - other)))


def _logs() -> dict[str, dict[str, list[list[float]]]]:
    """The table's logarithms; '9-19', which comes with k = 9, reads as '10-19'."""
    logs = {
        step: {state: [[log(share) for share in band] for band in shares] for state, shares in states.items()}
        for step, states in TABLE["table"].items()
    }
    return {**logs, "9-19": logs["10-19"]}


_LOGS = _logs()
