"""The only thing that leaves: from sheets to what may be published, by the rules of anonymity.md, section 3.

A cell that may not be shown does not exist, so there is no hidden number to leak.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_service.aggregator import measures, menu, partition
from survey_service.aggregator.partition import ORGANISATION, Part
from survey_service.aggregator.tally import Sheet, Tally, tally, together
from survey_service.instrument.model import Instrument, Question


@dataclass(frozen=True)
class WaveTerms:
    """What disclosure control needs of a wave's terms: ``groups`` maps names to roster sizes, in order.

    Raises menu.BelowFloor where k is neither 5 nor 9.
    """

    k: int
    groups: Mapping[str, int]
    has_sponsor: bool

    def __post_init__(self) -> None:
        """Nothing lowers the floor."""
        menu.steps(self.k)

    @property
    def stakeholders(self) -> int:
        """N: everyone on the roster."""
        return sum(self.groups.values())


@dataclass(frozen=True)
class Cell:
    """One question in one part: n as a step, the mean as a band, camps; the consensus mark where allowed."""

    part: str
    answered: str
    band: int
    camps: bool
    consensus: bool | None


@dataclass(frozen=True)
class HeardPart:
    """A part as it is shown: roster exactly, answers as a step."""

    part: str
    groups: tuple[str, ...]
    invited: int
    answered: str


@dataclass(frozen=True)
class Ticks:
    """How many ticked what, as levels by id under a menu."""

    menu: str
    levels: Mapping[str, bool | int]


@dataclass(frozen=True)
class Heard:
    """What may be shown of a wave that enough people answered."""

    answered: int
    parts: tuple[HeardPart, ...]
    questions: Mapping[str, tuple[Cell, ...]]
    concerns: Ticks
    cannot_tell: Ticks


@dataclass(frozen=True)
class Findings:
    """N, and what was heard; None where fewer than k answered: then N is all there is."""

    stakeholders: int
    heard: Heard | None

    def document(self) -> dict[str, Any]:
        """The report's wave from "stakeholders" to "cannot_tell" (format common-ground/report/1)."""
        if self.heard is None:
            return {"stakeholders": self.stakeholders, "too_few": True}
        heard = self.heard
        return {
            "stakeholders": self.stakeholders,
            "answered": heard.answered,
            "band_edges": list(measures.BAND_EDGES),
            "parts": [{**vars(part), "groups": list(part.groups)} for part in heard.parts],
            "questions": {
                id_: [dict(vars(cell)) for cell in cells] for id_, cells in heard.questions.items()
            },
            "concerns": {"menu": heard.concerns.menu, **heard.concerns.levels},
            "cannot_tell": {"menu": heard.cannot_tell.menu, **heard.cannot_tell.levels},
        }


def findings(terms: WaveTerms, instrument: Instrument, sheets: Iterable[Sheet]) -> Findings:
    """Count the sheets once and give what may be published of them; the counts end here."""
    by_group = tally(instrument, terms.groups, sheets)
    whole = together(instrument, by_group.values())
    if whole.sheets < terms.k:
        return Findings(terms.stakeholders, None)
    returned = {group: one.sheets for group, one in by_group.items()}
    among = partition.parts(terms.groups, returned, k=terms.k, has_sponsor=terms.has_sponsor)
    counted = {part.name: together(instrument, (by_group[group] for group in part.groups)) for part in among}
    unsure = {question.id: whole.cannot_tell(question.id) for question in instrument.questions}
    heard = Heard(
        answered=whole.sheets,
        parts=tuple(_heard_part(part, counted[part.name], terms.k) for part in among),
        questions={one.id: _cells(one, counted, whole, terms.k) for one in instrument.questions},
        concerns=_ticks(whole.ticks(), whole.sheets, terms.k),
        cannot_tell=_ticks(unsure, whole.sheets, terms.k),
    )
    return Findings(terms.stakeholders, heard)


def _heard_part(part: Part, counted: Tally, k: int) -> HeardPart:
    return HeardPart(part.name, part.groups, part.people, menu.n_step(counted.sheets, k))


def _cells(question: Question, counted: Mapping[str, Tally], whole: Tally, k: int) -> tuple[Cell, ...]:
    """A cell for each part; where one has fewer than k numbers, one for all; too few there: none (rule 4)."""
    by_part = {name: _turned(question, one) for name, one in counted.items()}
    if min(map(sum, by_part.values())) < k:
        by_part = {ORGANISATION: _turned(question, whole)}
    return tuple(cell(name, counts, k) for name, counts in by_part.items() if sum(counts) >= k)


def _turned(question: Question, counted: Tally) -> Sequence[int]:
    """Counts from bad to good: of a reverse question, agreeing is the bad end."""
    counts = counted.numeric(question.id)
    return counts[::-1] if question.reverse else counts


def cell(part: str, counts: Sequence[int], k: int) -> Cell:
    """All that is shown of at least k answers, counted from 1 to 5. Raises menu.BelowFloor for fewer."""
    n = sum(counts)
    band = measures.band(counts)
    assert band is not None  # n is at least k
    return Cell(
        part=part,
        answered=menu.n_step(n, k),
        band=band,
        camps=measures.has_camps(counts),
        consensus=measures.is_agreed(counts) if menu.shows_consensus(n, k) else None,
    )


def _ticks(counts: Mapping[str, int], n: int, k: int) -> Ticks:
    """Levels among all n sheets, in catalogue order (rule 9)."""
    return Ticks(menu.tick_menu(n, k), {id_: menu.tick_level(ticks, n, k) for id_, ticks in counts.items()})
