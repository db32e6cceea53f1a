"""A copied instrument is changed: nothing typed is lost, and what no longer fits is not taken for fitting."""

import itertools

import pytest

from survey_service.instrument import catalog, draft, limits, toml_text
from survey_service.instrument.definition import Definition
from survey_service.instrument.toml_text import Unread


def core() -> draft.Draft:
    return draft.of(catalog.packaged("core/1"), "core/1")


def built(made: draft.Draft) -> Definition:
    return draft.build(made, name="ours", version=1, title="Ours")


@pytest.mark.parametrize("key", catalog.names())
def test_a_copy_asks_what_it_was_copied_from(key: str) -> None:
    copied = built(draft.of(catalog.packaged(key), key))
    assert copied.instrument.questions == catalog.instrument(key).questions
    assert copied.languages == catalog.languages(key)
    assert limits.is_fit(copied)


def test_rewording_one_language_leaves_the_others_to_be_written() -> None:
    made = core()
    draft.reword(made, "en", "Q01", "I can say what is wrong today.")
    assert built(made).languages == ("en",)
    assert built(made).unwritten("de") == ("Q01",)
    draft.reword(made, "de", "Q01", draft.packaged(made, "de", "Q01"))
    assert built(made).languages == ("en", "de")


def test_going_back_to_the_packaged_words_makes_all_languages_whole_again() -> None:
    made = core()
    draft.reword(made, "en", "Q01", "I can say what is wrong today.")
    draft.reword(made, "en", "Q01", draft.packaged(made, "en", "Q01"))
    assert built(made) == built(core())


def test_words_of_a_dropped_step_come_back_with_it() -> None:
    made = core()
    draft.reword(made, "en", "Q03", "My team was heard early.")
    made["dropped"] = [3]
    assert "Q03" not in built(made).words["en"].questions
    made["dropped"] = []
    assert built(made).words["en"].questions["Q03"] == "My team was heard early."


def test_whichever_steps_are_dropped_two_to_four_questions_fill_each_screen() -> None:
    made = core()
    for count in (1, 2, 5, 9, 12):
        for dropped in itertools.islice(itertools.combinations(range(1, 14), count), 60):
            made["dropped"] = list(dropped)
            asked = built(made)
            if len(asked.instrument.questions) > 1:
                assert limits.structure(asked) == [], dropped


def test_an_added_concern_has_to_be_written_in_every_language_that_is_asked() -> None:
    made = core()
    id_ = draft.add_concern(made, "people")
    made["words"]["en"]["concerns"][id_] = "The night shift is far away"
    assert id_ == "K19"
    assert built(made).languages == ("en",)
    draft.drop_concern(made, id_)
    assert built(made) == built(core())


def test_an_exported_instrument_is_read_back_the_same() -> None:
    made = core()
    draft.reword(made, "en", "Q01", "I can say “what” is wrong.")
    asked = built(made)
    again, title = toml_text.read(toml_text.write(asked))
    assert built(again) == asked
    assert title == "Ours"


def test_files_as_the_packaged_ones_lie_make_the_same_text() -> None:
    asked = built(core())
    again, _ = toml_text.read(toml_text.joined(toml_text.files(asked)))
    assert built(again) == asked


SPOILT = {
    "toml": ("version = 1", "version = = 1", 2),
    "kind": ("step = 5, domain", 'step = "five", domain', 9),
    "unknown": ("step = 5, domain", "stop = 1, step = 5, domain", 9),
    "text": ('Q05 = "', "Q05 = 5 #", 0),
}


@pytest.mark.parametrize("code", SPOILT)
def test_a_spoilt_text_is_named_by_its_line(code: str) -> None:
    whole = toml_text.write(built(core()))
    good, bad, line = SPOILT[code]
    with pytest.raises(Unread) as fault:
        toml_text.read(whole.replace(good, bad, 1))
    assert fault.value.code == code
    assert fault.value.line == line or not line


def test_a_changed_scale_is_refused_not_passed_over() -> None:
    text = toml_text.write(built(core())).replace("strongly disagree", "no way", 1)
    found = limits.structure(toml_text.as_typed(text))
    assert [str(one) for one in found] == ["en changes scale; the measures rest on the packaged one."]
