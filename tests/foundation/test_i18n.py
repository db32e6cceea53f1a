"""Days, clocks, lists and refusals, as each language says them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from survey_service.foundation.errors import NotAllowed
from survey_service.foundation.i18n import (
    LANGUAGES,
    day,
    direction,
    language,
    listed,
    moment,
    ngettext,
    speaking,
)

CLOSE = datetime(2026, 12, 11, 16, 5, tzinfo=UTC)
NAMES = ["Operations", "Sales", "Legal"]


@pytest.fixture(autouse=True)
def here(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "Friday, 11 December 2026, 17:05 (Berlin)"),
        ("de", "Freitag, 11. Dezember 2026, 17:05 Uhr (Berlin)"),
        ("fr", "vendredi 11 décembre 2026 à 17:05 (Berlin)"),
        ("es", "viernes, 11 de diciembre de 2026, 17:05 (Berlín)"),
        ("ar", "الجمعة، 11 ديسمبر 2026، الساعة 5:05 م (برلين)"),
    ],
)
def test_a_moment_is_said_by_the_language_and_the_place(code: str, said: str) -> None:
    with speaking(code):
        assert moment(CLOSE, "Europe/Berlin") == said


def test_a_day_is_the_one_where_people_are() -> None:
    late = datetime(2026, 12, 11, 23, 30, tzinfo=UTC)
    with speaking("en"):
        assert day(late, "UTC") == "Friday, 11 December 2026"
        assert day(late, "Europe/Berlin") == "Saturday, 12 December 2026"


@pytest.mark.parametrize(
    ("code", "zone", "place"),
    [
        ("en", "America/New_York", "New York"),
        ("de", "Africa/Cairo", "Kairo"),
        ("en", "America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("de", "UTC", "UTC"),
    ],
)
def test_a_place_has_its_name_in_the_language(code: str, zone: str, place: str) -> None:
    with speaking(code):
        assert moment(CLOSE, zone).endswith(f"({place})")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "Operations, Sales and Legal"),
        ("de", "Operations, Sales und Legal"),
        ("fr", "Operations, Sales et Legal"),
        ("es", "Operations, Sales y Legal"),
        ("ar", "Operations وSales وLegal"),
    ],
)
def test_a_list_is_joined_as_the_language_joins(code: str, said: str) -> None:
    with speaking(code):
        assert listed(NAMES) == said


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["Legal"], "Legal"), (NAMES[:2], "Operations and Sales")]
)
def test_short_lists_need_no_comma(names: list[str], said: str) -> None:
    with speaking("en"):
        assert listed(names) == said


def test_an_unknown_language_becomes_english() -> None:
    with speaking("xx"):
        assert (language(), direction()) == ("en", "ltr")


def test_a_refusal_speaks_to_whoever_reads_it() -> None:
    refusal = NotAllowed()
    with speaking("de"):
        assert str(refusal).startswith("Ihre Rolle erlaubt das nicht.")
    with speaking("en"):
        assert str(refusal).startswith("Your role does not allow this.")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("en", ["0 questions", "1 question", "2 questions", "5 questions", "24 questions"]),
        ("de", ["0 Fragen", "1 Frage", "2 Fragen", "5 Fragen", "24 Fragen"]),
        ("fr", ["0 question", "1 question", "2 questions", "5 questions", "24 questions"]),
        ("es", ["0 preguntas", "1 pregunta", "2 preguntas", "5 preguntas", "24 preguntas"]),
        ("ar", ["لا أسئلة", "سؤال واحد", "سؤالان", "5 أسئلة", "24 سؤالًا"]),
    ],
)
def test_things_are_counted_as_the_language_counts(code: str, told: list[str]) -> None:
    with speaking(code):
        counted = [ngettext("%(num)s question", "%(num)s questions", num) for num in (0, 1, 2, 5, 24)]
    assert counted == told


@pytest.mark.parametrize("code", LANGUAGES)
def test_arabic_alone_runs_from_right_to_left(code: str) -> None:
    with speaking(code):
        assert direction() == ("rtl" if code == "ar" else "ltr")
