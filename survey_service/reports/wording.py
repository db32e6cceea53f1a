"""The instrument's words as the report needs them; the one place here that knows the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_service.instrument import catalog
from survey_service.instrument.model import DOMAINS, FACETS, STEPS, Question


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Texts by id, in catalogue order; which questions make up a topic, and which are turned round."""

    questions: Mapping[str, str]
    turned: frozenset[str]
    topics: Mapping[str, Sequence[str]]
    concerns: Mapping[str, str]
    concern_domains: Mapping[str, str]
    open_questions: Mapping[str, str]
    language: str = ""


def wording(instrument: str, language: str) -> Wording:
    """The words of 'core/1' in a language, in English where there are none. Raises UnknownInstrument."""
    return of_wave({"instrument": instrument}, language)


def of_wave(wave: Mapping[str, Any], language: str) -> Wording:
    """What one wave of a report asked, in a language; in the survey's own where it is not written in it."""
    definition = catalog.of_wave(wave)
    asked, words = definition.instrument, definition.spoken(language)
    return Wording(
        questions=words.questions,
        turned=frozenset(question.id for question in asked.questions if question.reverse),
        topics=topics(asked.questions),
        concerns=words.concerns,
        concern_domains={concern.id: concern.domain for concern in asked.concerns},
        open_questions=words.open_questions,
        language=words.language,
    )


def topics(questions: Sequence[Question]) -> dict[str, list[str]]:
    """Topic key -> ids of its questions, for all 20 topics; empty where the instrument asks nothing."""
    found: dict[str, list[str]] = {key: [] for key in (*STEPS, *DOMAINS, *FACETS)}
    for question in questions:
        for key in (STEPS[question.step - 1], question.domain, question.facet):
            if key:
                found[key].append(question.id)
    return found
