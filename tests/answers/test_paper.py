"""A box's size says nothing about what lies in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.answers import paper
from survey_service.answers.intake import Ballot
from survey_service.answers.paper import TooLong
from survey_service.instrument import catalog
from survey_service.web.answer_form import plain

CORE = catalog.instrument("core/1")
GROUPS = ("Einkauf", 'Werk "Süd" \\ Öl', "経営企画", "🚲" * 15)
SHEET = paper.sheet_length(CORE, GROUPS)
TEXT = paper.text_length(CORE)
LIMIT = CORE.open_questions[0].limit

#: What four bytes, escapes and direction marks can do, beside everything else a keyboard sends.
LETTERS = st.sampled_from('a"\\\n\r\té🚲\u2028\u202e\x00\x1f\x7f\x85\ud800経/<>&') | st.characters()
WRITTEN = st.text(LETTERS, max_size=LIMIT) | st.sampled_from(["🚲" * LIMIT, '"' * LIMIT, "\n\\" * 200, ""])
ANSWERS = st.dictionaries(
    st.sampled_from([one.id for one in CORE.questions]), st.sampled_from([1, 5, "dk", "na"])
)
TICKS = st.sets(st.sampled_from([one.id for one in CORE.concerns])).map(tuple)


@given(texts=st.tuples(WRITTEN, WRITTEN))
def test_any_two_texts_that_fit_the_form_fill_the_same_box(texts: tuple[str, str]) -> None:
    sealed = paper.texts(Ballot({}, (), (texts[0][:LIMIT], texts[1][:LIMIT])), TEXT)
    assert len(sealed) == TEXT
    assert paper.read(sealed) == {"texts": [plain(text[:LIMIT]) for text in texts]}


@given(answers=ANSWERS, concerns=TICKS, group=st.sampled_from(GROUPS))
def test_any_sheet_of_any_group_fills_the_same_box(
    answers: dict[str, int | str], concerns: tuple[str, ...], group: str
) -> None:
    sealed = paper.sheet(group, Ballot(answers, concerns), SHEET)
    assert len(sealed) == SHEET
    read = paper.read(sealed)
    assert (read["group"], read["answers"]) == (group, answers)
    assert list(read["answers"]) == sorted(answers)
    assert read["concerns"] == sorted(concerns)


def test_what_the_terms_made_no_room_for_is_refused() -> None:
    with pytest.raises(TooLong):
        paper.texts(Ballot({}, (), ("🚲" * LIMIT, "🚲" * (LIMIT + 1))), TEXT)
    with pytest.raises(TooLong):
        paper.sheet("x" * (SHEET + 1), Ballot({}, ()), SHEET)
