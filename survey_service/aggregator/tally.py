"""Counts of a wave's sheets, by group. Private to this room and to ``answers.release``: a tally never leaves.

Sheets stream through and are not kept. What is no answer (an unknown question, a 6, a null) is passed over; a
sheet that is no sheet, or of no group of the terms, is not counted at all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from survey_service.instrument.model import Instrument

Sheet = Mapping[str, Any]

#: What a question can be answered with, in the order of its places: 1 to 5, could not tell, not concerned.
ANSWERS: Final[tuple[int | str, ...]] = (1, 2, 3, 4, 5, "dk", "na")
SCALE = 5
KINDS = (int, str)
#: Sheets held at a time; their marks are counted at once.
BATCH = 500


@dataclass(frozen=True)
class Layout:
    """Which place of a tally's row counts what: by question and answer, and by concern."""

    answers: Mapping[str, Mapping[int | str, int]]
    ticks: Mapping[str, int]

    @classmethod
    def of(cls, instrument: Instrument) -> "Layout":
        """Seven places for each question, then one for each concern."""
        answers = {
            question.id: {answer: len(ANSWERS) * row + at for at, answer in enumerate(ANSWERS)}
            for row, question in enumerate(instrument.questions)
        }
        after = len(ANSWERS) * len(answers)
        return cls(answers, {concern.id: after + at for at, concern in enumerate(instrument.concerns)})

    def marks(self, sheet: Sheet) -> list[int]:
        """The place of each answer and tick of a sheet; each place once."""
        return self._answered(sheet.get("answers")) + self._ticked(sheet.get("concerns"))

    def _answered(self, answers: object) -> list[int]:
        if not isinstance(answers, Mapping):
            return []
        places = self.answers
        # type(), not isinstance(): True is an int and would count as a 1.
        return [
            places[question][answer]
            for question, answer in answers.items()
            if question in places and type(answer) in KINDS and answer in places[question]
        ]

    def _ticked(self, concerns: object) -> list[int]:
        if not isinstance(concerns, Sequence) or isinstance(concerns, str):
            return []
        chosen = {one for one in concerns if isinstance(one, str)}
        return [self.ticks[concern] for concern in chosen if concern in self.ticks]


@dataclass(frozen=True)
class Tally:
    """Counts of one group, or several together: ``sheets``, and how often each place was marked."""

    layout: Layout
    counts: Mapping[int, int]
    sheets: int

    def numeric(self, question: str) -> Sequence[int]:
        """How many chose 1, 2, 3, 4 and 5, as they were asked."""
        first = self.layout.answers[question][1]
        return [self.counts.get(place, 0) for place in range(first, first + SCALE)]

    def cannot_tell(self, question: str) -> int:
        """How many could not tell."""
        return self.counts.get(self.layout.answers[question]["dk"], 0)

    def ticks(self) -> Mapping[str, int]:
        """How many ticked each concern, in catalogue order."""
        return {concern: self.counts.get(place, 0) for concern, place in self.layout.ticks.items()}


def tally(instrument: Instrument, groups: Iterable[str], sheets: Iterable[Sheet]) -> dict[str, Tally]:
    """One tally for each group, in the groups' order; each sheet is read once and let go."""
    layout = Layout.of(instrument)
    counts: dict[str, Counter[int]] = {group: Counter() for group in groups}
    returned = dict.fromkeys(counts, 0)
    stream = iter(sheets)
    while batch := list(islice(stream, BATCH)):
        for group, papers in _by_group(batch, counts).items():
            counts[group].update(mark for paper in papers for mark in layout.marks(paper))
            returned[group] += len(papers)
    return {group: Tally(layout, row, returned[group]) for group, row in counts.items()}


def together(instrument: Instrument, tallies: Iterable[Tally]) -> Tally:
    """The sum of several groups' tallies."""
    layout, summed = Layout.of(instrument), list(tallies)
    counts: Counter[int] = Counter()
    for one in summed:
        counts.update(one.counts)
    return Tally(layout, counts, sum(one.sheets for one in summed))


def _by_group(sheets: Iterable[Sheet], groups: Iterable[str]) -> dict[str, list[Sheet]]:
    found: dict[str, list[Sheet]] = {group: [] for group in groups}
    for sheet in sheets:
        group = sheet.get("group") if isinstance(sheet, Mapping) else None
        if isinstance(group, str) and group in found:
            found[group].append(sheet)
    return found
