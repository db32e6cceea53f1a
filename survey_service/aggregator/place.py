"""Where on the path an organisation stands: the most credible number of steps behind it (measures.md, B5.4).

Steps 1 to s are done and the rest open. ``place_table.json`` says how likely a cell is under either, by
n-step; ``bench/place_table.py`` makes it. One step in ten may stand out of order.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

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


def posterior(rows: Sequence[Sequence[Sign]]) -> NDArray[np.float64]:
    """Probability of each s from 0 to the number of steps, with a uniform prior; ``rows``: signs by step."""
    ahead = np.concatenate([[0.0], np.cumsum([_log_odds(row) for row in rows])])
    weights = np.exp(ahead - ahead.max())
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares


def place(rows: Sequence[Sequence[Sign]]) -> Place | None:
    """The most credible place (the lower on a tie) and its range; None where too few steps were heard."""
    if sum(1 for row in rows if row) < HEARD_STEPS:
        return None
    return most_credible(posterior(rows))


def most_credible(shares: NDArray[np.float64]) -> Place:
    """The place that a posterior puts first, and the range between a tenth and nine tenths."""
    cumulative = np.round(np.cumsum(shares), _DIGITS)
    start, end = (int(np.argmax(cumulative >= edge)) for edge in RANGE)
    return Place(int(np.argmax(np.round(shares, _DIGITS))), start, end)


def _log_odds(row: Sequence[Sign]) -> float:
    """How much more likely the signs of a step are if it is done than if it is open; logarithm."""
    done = sum(_LOGS[sign.answered]["done"][sign.band - 1][sign.camps] for sign in row)
    open_ = sum(_LOGS[sign.answered]["open"][sign.band - 1][sign.camps] for sign in row)
    sure, unsure = np.log(IN_ORDER), np.log(1 - IN_ORDER)
    return float(np.logaddexp(sure + done, unsure + open_) - np.logaddexp(sure + open_, unsure + done))


def _logs() -> dict[str, dict[str, list[list[float]]]]:
    """The table's logarithms; '9-19', which comes with k = 9, reads as '10-19'."""
    logs = {
        step: {state: np.log(shares).tolist() for state, shares in states.items()}
        for step, states in TABLE["table"].items()
    }
    return {**logs, "9-19": logs["10-19"]}


_LOGS = _logs()
