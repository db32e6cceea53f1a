"""The instrument's words as the report needs them; the one place here that knows the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


def wording(instrument: str, language: str) -> Wording:
    """The words of 'core/1' in a language, in English where there are none. Raises UnknownInstrument."""
    asked = catalog.instrument(instrument)
    words = catalog.words(instrument, language if language in catalog.languages(instrument) else "en")
    return Wording(
        questions=words.questions,
        turned=frozenset(question.id for question in asked.questions if question.reverse),
        topics=topics(asked.questions),
        concerns=words.concerns,
        concern_domains={concern.id: concern.domain for concern in asked.concerns},
        open_questions=words.open_questions,
    )


def topics(questions: Sequence[Question]) -> dict[str, list[str]]:
    """Topic key -> ids of its questions, for all 20 topics; empty where the instrument asks nothing."""
    found: dict[str, list[str]] = {key: [] for key in (*STEPS, *DOMAINS, *FACETS)}
    for question in questions:
        for key in (STEPS[question.step - 1], question.domain, question.facet):
            if key:
                found[key].append(question.id)
    return found
