"""Counts of a wave's sheets, by group. Private to this room and to ``answers.release``: a tally never leaves.

Sheets stream through and are not kept. What is no answer (an unknown question, a 6, a null) is passed over; a
sheet that is no sheet, or of no group of the terms, is not counted at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_service.instrument.model import Instrument

Sheet = Mapping[str, Any]

#: A question's columns: how many chose 1 to 5, could not tell, or are not concerned.
CODES = {1: 0, 2: 1, 3: 2, 4: 3, 5: 4, "dk": 5, "na": 6}
CANNOT_TELL = CODES["dk"]


@dataclass
class Tally:
    """Counts of one group, or several together: per question seven columns (``CODES``), per concern one."""

    answers: dict[str, list[int]]
    ticks: dict[str, int]
    sheets: int = 0

    @classmethod
    def empty(cls, instrument: Instrument) -> "Tally":
        """Nobody has answered yet."""
        return cls(
            answers={question.id: [0] * len(CODES) for question in instrument.questions},
            ticks={concern.id: 0 for concern in instrument.concerns},
        )

    def numeric(self, question: str) -> Sequence[int]:
        """How many chose 1, 2, 3, 4 and 5, as they were asked."""
        return self.answers[question][:CANNOT_TELL]

    def add(self, sheet: Sheet) -> None:
        """Count one sheet."""
        self.sheets += 1
        self._add_answers(sheet.get("answers"))
        self._add_ticks(sheet.get("concerns"))

    def merge(self, other: "Tally") -> None:
        """Count another group's sheets with these."""
        self.sheets += other.sheets
        for question, row in other.answers.items():
            self.answers[question] = [
                ours + theirs for ours, theirs in zip(self.answers[question], row, strict=True)
            ]
        for concern, ticks in other.ticks.items():
            self.ticks[concern] += ticks

    def _add_answers(self, answers: object) -> None:
        if not isinstance(answers, Mapping):
            return
        rows = self.answers
        for question, answer in answers.items():
            # type(), not isinstance(): True is an int and would count as a 1.
            if question in rows and type(answer) in (int, str) and answer in CODES:
                rows[question][CODES[answer]] += 1

    def _add_ticks(self, concerns: object) -> None:
        if not isinstance(concerns, Sequence) or isinstance(concerns, str):
            return
        for concern in {one for one in concerns if isinstance(one, str)}:
            if concern in self.ticks:
                self.ticks[concern] += 1


def tally(instrument: Instrument, groups: Iterable[str], sheets: Iterable[Sheet]) -> dict[str, Tally]:
    """One tally for each group, in the groups' order; each sheet is read once and let go."""
    by_group = {group: Tally.empty(instrument) for group in groups}
    for sheet in sheets:
        group = sheet.get("group") if isinstance(sheet, Mapping) else None
        if isinstance(group, str) and group in by_group:
            by_group[group].add(sheet)
    return by_group


def together(instrument: Instrument, tallies: Iterable[Tally]) -> Tally:
    """The sum of several groups' tallies."""
    whole = Tally.empty(instrument)
    for one in tallies:
        whole.merge(one)
    return whole
