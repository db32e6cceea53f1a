"""A statement that leads, asks two things, names a product or runs long is found out; a plain one is not."""

import pytest

from survey_service.instrument import catalog, reading, wording

SPOILT = [
    ("en", "leading", "Surely this change is worth the money."),
    ("en", "leading", "We need this change, don’t you think so?"),
    ("en", "leading", "This list should go!"),
    ("en", "double", "The change saves time and money."),
    ("en", "double", "My team knows how/when to start."),
    ("en", "product", "ShopFlow would help my team."),
    ("en", "product", "Suite 365 would help my team."),
    ("en", "product", "Planner™ would help my team."),
    ("en", "product", "I have looked at www.planner.example before."),
    ("en", "long", "I can say in one sentence which problem this change should fix for us here."),
    ("de", "leading", "Selbstverständlich brauchen wir diese Veränderung."),
    ("de", "double", "Mein Team kann und will diese Veränderung."),
    ("fr", "leading", "Ce changement est évidemment utile."),
    ("fr", "double", "Ce changement est utile et possible."),
    ("es", "leading", "Por supuesto necesitamos este cambio."),
    ("es", "double", "Este cambio es útil y posible."),
    ("ar", "leading", "بالطبع نحتاج إلى هذا التغيير."),
    ("ar", "double", "هذا التغيير مفيد أو ممكن."),
]
PLAIN = [
    ("en", "I know who can say the final yes."),
    ("en", "Handover in the office is clear to me."),
    ("de", "Niemand wundert sich über diese Veränderung."),
    ("fr", "Cette étape est connue de tous."),
    ("es", "Yo conozco el motivo."),
]


@pytest.mark.parametrize(("language", "code", "text"), SPOILT)
def test_a_spoilt_statement_is_found_out(language: str, code: str, text: str) -> None:
    assert [fault.code for fault in wording.lint(text, language)] == [code]


@pytest.mark.parametrize(("language", "text"), PLAIN)
def test_a_plain_statement_passes(language: str, text: str) -> None:
    assert wording.lint(text, language) == []


def test_the_names_of_suppliers_are_kept_out_in_any_spelling() -> None:
    faults = wording.lint("The hanse systems list is clear to me.", "en", names=["Hanse Systems", " "])
    assert [str(fault) for fault in faults] == ["“hanse systems” names a product or a supplier"]


def test_a_concern_may_join_words_but_not_lead() -> None:
    words = catalog.words("core/1", "en")
    assert "or" in words.concerns["K08"].split()
    assert list(wording.check(words)) == []


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_longer_words_and_sentences_need_older_readers(language: str) -> None:
    plain = {
        "en": "We know the plan.",
        "de": "Wir kennen den Plan.",
        "fr": "On a le plan.",
        "es": "Hay un plan.",
    }
    heavy = {
        "en": "Organisational interdependencies necessitate comprehensive reconsideration.",
        "de": "Organisatorische Abhängigkeiten erfordern umfassende Verantwortlichkeitsüberprüfungen.",
        "fr": "Les interdépendances organisationnelles nécessitent une reconsidération des responsabilités.",
        "es": "Las interdependencias organizativas requieren una reconsideración de responsabilidades.",
    }
    young, old = (reading.age([texts[language]], language) for texts in (plain, heavy))
    assert young is not None
    assert old is not None
    assert young < 12 < old


def test_no_age_is_made_up_where_there_is_no_formula() -> None:
    assert reading.age(["نعرف الخطة."], "ar") is None
    assert reading.age(["1 2 3"], "en") is None


def test_the_core_questions_can_be_read_at_twelve() -> None:
    age = reading.age(catalog.words("core/1", "en").questions.values(), "en")
    assert age is not None
    assert age <= 12
