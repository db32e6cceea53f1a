"""Releases for tests: sheets of made-up people through the real findings and the real reading."""

import random
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from survey_service.aggregator import readiness
from survey_service.aggregator.findings import WaveTerms, findings
from survey_service.instrument import catalog
from survey_service.instrument.model import Instrument

CORE = catalog.instrument("core/1")
PULSE = catalog.instrument("pulse/1")

Sheet = dict[str, Any]
Document = dict[str, Any]


def sheet(group: str, instrument: Instrument, answer: object = 4, **others: object) -> Sheet:
    """A sheet with one answer throughout, but for those named; None is a skipped question."""
    given = {question.id: answer for question in instrument.questions} | others
    return {
        "group": group,
        "answers": {question: code for question, code in given.items() if code is not None},
        "concerns": [],
    }


def everyone(
    groups: Mapping[str, int], instrument: Instrument, answer: object = 4, **others: object
) -> list[Sheet]:
    """Each of them with the same answer throughout, as it was asked."""
    return [sheet(group, instrument, answer, **others) for group, size in groups.items() for _ in range(size)]


def anyone(
    groups: Mapping[str, int], instrument: Instrument, chance: random.Random, *, turnout: float
) -> Iterator[Sheet]:
    """Some of them; each group leans one way or the other on each question, more or less strongly."""
    codes = (1, 2, 3, 4, 5, "dk", "na", None)
    for group, size in groups.items():
        leanings = [_leaning(chance) for _ in instrument.questions]
        for _ in range(size):
            if chance.random() > turnout:
                continue
            picked = [chance.choices(codes, leaning)[0] for leaning in leanings]
            answers = {one.id: code for one, code in zip(instrument.questions, picked, strict=True)}
            yield {
                "group": group,
                "answers": {question: code for question, code in answers.items() if code is not None},
                "concerns": [one.id for one in instrument.concerns if chance.random() < 0.3],
            }


def _leaning(chance: random.Random) -> list[float]:
    """How likely each of the eight codes is: from any answer alike to nearly all the same."""
    strength = chance.choice((1, 3, 12))
    return [chance.random() ** strength for _ in range(5)] + [0.1 * chance.random() for _ in range(3)]


def wave(terms: WaveTerms, instrument: Instrument, sheets: Iterable[Sheet], **head: object) -> dict[str, Any]:
    """One wave as close writes it."""
    about = {
        "wave": 1,
        "instrument": instrument.key,
        "terms": "7f" * 32,
        "k": terms.k,
        "closed_on": "2026-12-11",
        **head,
    }
    published = {**about, **findings(terms, instrument, sheets).document()}
    if published.get("too_few"):
        return published
    return {**published, **readiness.reading(published, instrument), "appendix": None}


def report(*waves: Mapping[str, Any]) -> Document:
    """A report of these waves."""
    return {
        "format": "common-ground/report/1",
        "engagement": {
            "key": "nordlicht",
            "buyer": "Nordlicht Energie",
            "change": "Customers can change their tariff themselves.",
            "believed_step": 10,
        },
        "waves": list(waves),
    }
