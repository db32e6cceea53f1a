"""A definition that someone has spoilt is found out, in plain words."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from survey_service.instrument import catalog, rules
from survey_service.instrument.model import Instrument, Words

CORE = catalog.instrument("core/1")
ENGLISH = catalog.words("core/1", "en")


def _question(**changes: object) -> Instrument:
    first, *others = CORE.questions
    return replace(CORE, questions=(replace(first, **changes), *others))  # type: ignore[arg-type]


def _worded(text: str) -> Words:
    return replace(ENGLISH, questions={**ENGLISH.questions, "Q01": text})


SPOILT_STRUCTURES = {
    "Q02 is twice among the questions": lambda: _question(id="Q02"),
    "Q01 is on step 14": lambda: _question(step=14),
    "Q01 is in the unknown domain weather": lambda: _question(domain="weather"),
    "Q01 has the unknown facet brave": lambda: _question(facet="brave"),
    "Q01 is on no screen": lambda: replace(CORE, sections=CORE.sections[1:]),
    "Q01 is on two screens": lambda: replace(CORE, sections=(*CORE.sections, CORE.sections[0])),
    "Section s has 1 questions": lambda: replace(
        CORE, sections=(replace(CORE.sections[0], id="s", questions=("Q01",)),)
    ),
    "text1 leaves no room": lambda: replace(
        CORE, open_questions=(replace(CORE.open_questions[0], limit=0), CORE.open_questions[1])
    ),
}
SPOILT_WORDS = {
    "en has no words for Q01": lambda: _worded(" "),
    "en Q01 has 15 words": lambda: _worded("word " * 15),
    "en Q01 asks two things at once": lambda: _worded("I know and/or like this."),
    "en has words for Q99, which is not asked": lambda: replace(
        ENGLISH, questions={**ENGLISH.questions, "Q99": "x"}
    ),
    "en does not say what the change is": lambda: replace(ENGLISH, intro="Hello."),
    "en needs 5 words for the scale": lambda: replace(ENGLISH, scale=("no", "yes")),
    "en has no words for dk": lambda: replace(ENGLISH, dk=""),
}


@pytest.mark.parametrize("finding", SPOILT_STRUCTURES)
def test_a_spoilt_structure_is_found_out(finding: str) -> None:
    spoilt: Callable[[], Instrument] = SPOILT_STRUCTURES[finding]
    assert any(finding in found for found in rules.check(spoilt(), [ENGLISH]))


@pytest.mark.parametrize("finding", SPOILT_WORDS)
def test_spoilt_words_are_found_out(finding: str) -> None:
    spoilt: Callable[[], Words] = SPOILT_WORDS[finding]
    assert any(finding in found for found in rules.check(CORE, [spoilt()]))
