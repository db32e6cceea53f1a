"""The shipped instruments are what measures.md says, in every language."""

from collections import Counter

import pytest

from survey_service.instrument import catalog
from survey_service.instrument.model import DOMAINS, STEPS

FACETS = {
    "willing": ["Q01", "Q02", "Q05", "Q15", "Q22"],
    "able": ["Q10", "Q11", "Q13", "Q17", "Q21", "Q23", "Q24"],
}


def test_every_shipped_definition_is_fit_to_be_asked() -> None:
    assert catalog.faults() == []


def test_core_asks_24_questions_balanced_over_steps_and_domains() -> None:
    core = catalog.instrument("core/1")
    assert [question.id for question in core.questions] == [f"Q{number:02}" for number in range(1, 25)]
    assert {question.step for question in core.questions} == set(range(1, len(STEPS) + 1))
    by_domain = Counter(question.domain for question in core.questions)
    assert [by_domain[domain] for domain in DOMAINS] == [4, 5, 6, 4, 5]


def test_core_turns_three_questions_round_and_reads_two_facets() -> None:
    core = catalog.instrument("core/1")
    assert [question.id for question in core.questions if question.reverse] == ["Q07", "Q10", "Q23"]
    for facet, ids in FACETS.items():
        assert [question.id for question in core.questions if question.facet == facet] == ids


def test_core_fills_eight_screens_with_its_concerns_and_open_questions() -> None:
    assert len(catalog.instrument("core/1").sections) + 2 == 8


def test_pulse_asks_two_questions_of_each_domain_in_the_words_of_core() -> None:
    pulse = catalog.instrument("pulse/1")
    assert Counter(question.domain for question in pulse.questions) == dict.fromkeys(DOMAINS, 2)
    assert len({question.step for question in pulse.questions}) == 9
    for language in catalog.languages("pulse/1"):
        own, core = catalog.words("pulse/1", language), catalog.words("core/1", language)
        assert dict(own.questions).items() <= dict(core.questions).items()


@pytest.mark.parametrize("key", ["core/1", "pulse/1"])
def test_concerns_and_open_questions_are_asked_in_both_forms(key: str) -> None:
    asked = catalog.instrument(key)
    by_domain = Counter(concern.domain for concern in asked.concerns)
    assert [by_domain[domain] for domain in DOMAINS] == [3, 4, 4, 3, 4]
    assert [(text.id, text.limit) for text in asked.open_questions] == [("text1", 400), ("text2", 400)]


def test_the_change_is_named_without_a_doubled_full_stop() -> None:
    words = catalog.words("core/1", "en")
    assert words.introduction("Move orders to one shared list. ").startswith(
        "“The change” means: Move orders to one shared list. “We” means"
    )


@pytest.mark.parametrize(("key", "language"), [("core/9", "en"), ("core/1", "xx"), ("../core/1", "en")])
def test_an_unknown_instrument_or_language_is_refused(key: str, language: str) -> None:
    with pytest.raises(catalog.UnknownInstrument):
        catalog.words(key, language)
