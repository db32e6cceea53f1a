"""What those who did not answer could change: the verdict with all of them at 1, and at 5.

Like is compared with like: the organisation is read as one part three times, as heard and with the silent
added (measures.md, B5.7).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from survey_service.aggregator import menu
from survey_service.aggregator.measures import band_of
from survey_service.aggregator.place import Place, Sign, place, rows_of
from survey_service.aggregator.topics import Cells, question_span
from survey_service.instrument.model import Instrument

LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True)
class Whole:
    """The organisation as one part: value and camps of each heard question; N and its k."""

    instrument: Instrument
    values: Mapping[str, tuple[float, bool]]
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
        read = (self.heard(n), self.if_silent_said(LOWEST, n), self.if_silent_said(HIGHEST, n))
        return all(found.verdict == verdict for found in read)

    def _place(self, answered: str, n_silent: int, answer: int) -> Place:
        heard = self.stakeholders - n_silent
        signs = tuple(
            (id_, Sign(band_of((heard * value + n_silent * answer) / self.stakeholders), camps, answered))
            for id_, (value, camps) in self.values.items()
        )
        return _place(self.instrument, signs)


def silence(
    instrument: Instrument, cells: Cells, verdict: str, *, answered: int, stakeholders: int, k: int
) -> dict[str, Any]:
    """Whether the verdict stands against those who did not answer; else what it could become.

    ``settle`` is the smallest number of further answers like those heard with which it would stand.
    """
    whole = Whole(instrument, _values(cells), stakeholders, k)
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


def _values(cells: Cells) -> dict[str, tuple[float, bool]]:
    return {
        id_: (question_span(row).value, any(cell["camps"] for cell in row))
        for id_, row in cells.items()
        if row
    }


def _could_be(found: Place) -> dict[str, Any]:
    return {"verdict": found.verdict, "reached": found.reached}


@lru_cache(maxsize=64)  # while looking for 'settle' the bands change seldom
def _place(instrument: Instrument, signs: tuple[tuple[str, Sign], ...]) -> Place:
    found = place(rows_of(instrument, {id_: [sign] for id_, sign in signs}))
    assert found is not None  # a verdict was published, so enough steps were heard
    return found
