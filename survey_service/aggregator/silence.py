"""What those who did not answer could change: the verdict with all of them at 1, and at 5.

Like is compared with like: the organisation is read as one part three times, as heard and with the silent
added (measures.md, B5.7).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from survey_service.aggregator import menu
from survey_service.aggregator.measures import band_of
from survey_service.aggregator.place import Place, Sign, place
from survey_service.aggregator.topics import Cells, question_span
from survey_service.instrument.model import STEPS, Instrument

LOWEST, HIGHEST = 1, 5


class Voice(NamedTuple):
    """A heard question of the organisation: its step from 1, its value, and whether any part has camps."""

    step: int
    value: float
    camps: bool


@dataclass(frozen=True)
class Whole:
    """The organisation as one part, N people strong, with its k."""

    voices: Sequence[Voice]
    stakeholders: int
    k: int

    def heard(self, n: int) -> Place:
        """Where it stands by what n people said."""
        return self._place(menu.n_step(n, self.k), n_silent=0, answer=LOWEST)

    def if_silent_said(self, answer: int, n: int) -> Place:
        """Where it would stand had everyone beyond n chosen ``answer`` throughout."""
        return self._place(menu.n_step(self.stakeholders, self.k), self.stakeholders - n, answer)

    def stands(self, verdict: str, n: int) -> bool:
        """True where neither the parts nor the silent beyond n make the verdict another."""
        return self.heard(n).verdict == verdict and all(
            self.if_silent_said(answer, n).verdict == verdict for answer in (LOWEST, HIGHEST)
        )

    def _place(self, answered: str, n_silent: int, answer: int) -> Place:
        everyone, heard = self.stakeholders, self.stakeholders - n_silent
        signs = tuple(
            (step, Sign(band_of((heard * value + n_silent * answer) / everyone), camps, answered))
            for step, value, camps in self.voices
        )
        return _place(signs)


def silence(
    instrument: Instrument, cells: Cells, verdict: str, *, answered: int, stakeholders: int, k: int
) -> dict[str, Any]:
    """Whether the verdict stands against those who did not answer; else what it could become.

    ``settle`` is the smallest number of further answers like those heard with which it would stand.
    """
    whole = Whole(_voices(instrument, cells), stakeholders, k)
    silent = stakeholders - answered
    if silent <= 0 or whole.stands(verdict, answered):
        return {"stands": True}
    enough = (more for more in range(1, silent) if whole.stands(verdict, answered + more))
    return {
        "stands": False,
        "could_be": {
            "at_1": _could_be(whole.if_silent_said(LOWEST, answered)),
            "at_5": _could_be(whole.if_silent_said(HIGHEST, answered)),
        },
        "settle": next(enough, silent),
    }


def _voices(instrument: Instrument, cells: Cells) -> list[Voice]:
    heard = [
        (question.step, cells[question.id]) for question in instrument.questions if cells.get(question.id)
    ]
    return [Voice(step, question_span(row).value, any(cell["camps"] for cell in row)) for step, row in heard]


def _could_be(found: Place) -> dict[str, Any]:
    return {"verdict": found.verdict, "reached": found.reached}


@lru_cache(maxsize=64)  # while 'settle' is looked for, thousands of n share a few bands
def _place(signs: tuple[tuple[int, Sign], ...]) -> Place:
    found = place([[sign for at, sign in signs if at == step] for step in range(1, len(STEPS) + 1)])
    assert found is not None  # a verdict was published, so enough steps were heard
    return found
