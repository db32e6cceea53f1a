"""Topics: steps, domains and facets, each read from the cells of its questions (measures.md, B5.1-3).

Everything here is a function of what is published: it can give nobody away, and any reader can do it again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_service.aggregator.measures import band_of
from survey_service.aggregator.partition import ORGANISATION
from survey_service.instrument.model import DOMAINS, FACETS, STEPS, Instrument

#: One published cell, and the cells of every question, as in the report's document.
Cell = Mapping[str, Any]
Cells = Mapping[str, Sequence[Cell]]

#: What stands behind bands 1 to 5 when they are averaged, and between which ends it may lie.
MIDPOINTS = (1.5, 2.35, 3.0, 3.65, 4.5)
LOWER_ENDS = (1.0, 2.0, 2.7, 3.3, 4.0)
UPPER_ENDS = (2.0, 2.7, 3.3, 4.0, 5.0)
#: People behind an n-step. '9-19' comes with k = 9 and counts as '10-19': a wide guess for a wide step.
PEOPLE_ASSUMED = {"5-9": 7, "9-19": 14, "10-19": 14, "20-39": 28, "40+": 60}

IN_PLACE, NOT_IN_PLACE, SPLIT, MIXED, NOT_HEARD = "in place", "not in place", "split", "mixed", "not heard"
STATES = (IN_PLACE, NOT_IN_PLACE, SPLIT, MIXED, NOT_HEARD)
#: Parts this many bands apart are split.
FAR_APART = 2


@dataclass(frozen=True)
class Subject:
    """What a topic is about: ``kind`` is 'step', 'domain' or 'facet'; ``questions`` are ids, maybe none."""

    kind: str
    key: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class TopicPart:
    """A topic in one part; ``people`` are assumed from the widest of its n-steps."""

    part: str
    band: int
    camps: bool
    people: int


@dataclass(frozen=True)
class Span:
    """A value of the organisation, 1.0 to 5.0, and the ends between which the bands leave it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Topic:
    """A topic as the cells show it; ``span`` is None where no question was heard."""

    subject: Subject
    parts: tuple[TopicPart, ...]
    span: Span | None

    @property
    def band(self) -> int | None:
        """The organisation's band; None where the topic was not heard."""
        return band_of(self.span.value) if self.span else None

    @property
    def people_in_camps(self) -> int:
        """People assumed in the parts that are in two camps."""
        return sum(part.people for part in self.parts if part.camps)

    @property
    def gap(self) -> int:
        """Bands between the lowest and the highest part."""
        bands = [part.band for part in self.parts]
        return max(bands) - min(bands) if bands else 0

    @property
    def state(self) -> str:
        """The first of ``STATES`` that fits, in the order of measures.md, B5.3."""
        if self.band is None:
            return NOT_HEARD
        if 2 * self.people_in_camps >= sum(part.people for part in self.parts) or self.gap >= FAR_APART:
            return SPLIT
        if self.band >= 4 and all(part.band > 2 for part in self.parts):
            return IN_PLACE
        return NOT_IN_PLACE if self.band <= 2 else MIXED

    def document(self) -> dict[str, Any]:
        """The topic as the report's document has it; one that was not heard has neither band nor parts."""
        named = {"kind": self.subject.kind, "key": self.subject.key, "state": self.state}
        if self.span is None:
            return named
        parts = [{"part": part.part, "band": part.band, "camps": part.camps} for part in self.parts]
        return {**named, "organisation_band": self.band, "parts": parts}


def subjects(instrument: Instrument) -> tuple[Subject, ...]:
    """The 13 steps, five domains and two facets, with the instrument's questions on each."""
    asked = instrument.questions
    return (
        *(Subject("step", key, _ids(q.id for q in asked if q.step == at)) for at, key in enumerate(STEPS, 1)),
        *(Subject("domain", key, _ids(q.id for q in asked if q.domain == key)) for key in DOMAINS),
        *(Subject("facet", key, _ids(q.id for q in asked if q.facet == key)) for key in FACETS),
    )


def topics(instrument: Instrument, cells: Cells) -> tuple[Topic, ...]:
    """Every topic of the instrument, read from the published cells."""
    order = _parts(cells)
    return tuple(_topic(subject, cells, order) for subject in subjects(instrument))


def question_span(cells: Sequence[Cell]) -> Span:
    """A heard question in the organisation: its parts weighted by the people assumed in them."""
    people = [PEOPLE_ASSUMED[cell["answered"]] for cell in cells]
    bands = [cell["band"] for cell in cells]
    return Span(*(_weighted(numbers, bands, people) for numbers in (MIDPOINTS, LOWER_ENDS, UPPER_ENDS)))


def mean_span(spans: Sequence[Span]) -> Span:
    """The mean of at least one span, ends as well."""
    ends = zip(*((span.value, span.low, span.high) for span in spans), strict=True)
    return Span(*(sum(row) / len(spans) for row in ends))


def _weighted(numbers: Sequence[float], bands: Sequence[int], people: Sequence[int]) -> float:
    return sum(numbers[band - 1] * weight for band, weight in zip(bands, people, strict=True)) / sum(people)


def _ids(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(ids)


def _parts(cells: Cells) -> list[str]:
    """Names of the parts in the order of the document; the organisation's own column last."""
    seen = dict.fromkeys(cell["part"] for row in cells.values() for cell in row)
    return sorted(seen, key=lambda part: part == ORGANISATION)


def _topic(subject: Subject, cells: Cells, order: Sequence[str]) -> Topic:
    rows = [cells[id_] for id_ in subject.questions if cells.get(id_)]
    by_part = {part: [cell for row in rows for cell in row if cell["part"] == part] for part in order}
    return Topic(
        subject=subject,
        parts=tuple(_topic_part(part, own) for part, own in by_part.items() if own),
        span=mean_span([question_span(row) for row in rows]) if rows else None,
    )


def _topic_part(part: str, cells: Sequence[Cell]) -> TopicPart:
    """A topic's band in a part is that of its midpoints' mean; a third of cells in camps make camps."""
    return TopicPart(
        part=part,
        band=band_of(sum(MIDPOINTS[cell["band"] - 1] for cell in cells) / len(cells)),
        camps=3 * sum(cell["camps"] for cell in cells) >= len(cells),
        people=max(PEOPLE_ASSUMED[cell["answered"]] for cell in cells),
    )
