"""Before they answer people are told, in words for a twelve-year-old, what is promised and what is not."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from cast import Stage, stage
from flask import Flask
from rig.reading import reading_age, words

from survey_service.foundation import clock

PAT = "operations1@nordlicht.example"


@pytest.fixture(params=[True, False], ids=["with a sponsor", "without a sponsor"])
def play(request: pytest.FixtureRequest, app: Flask) -> Stage:
    with app.app_context():
        at = clock.now()
        made = stage(app, sponsor=request.param, at=at, closes_at=at + timedelta(days=11))
        made.launch()
    return made


def read(play: Stage, page: str) -> str:
    """The page's words between its first heading and its end, one space between them."""
    with play.app.app_context():
        token = play.tokens()[PAT]
    html = play.app.test_client(use_cookies=False).get(f"/a/{token}{page}").get_data(as_text=True)
    main = html.partition('id="main"')[2].partition(">")[2].partition("</main>")[0]
    shown = re.sub(r"<dt>.*?</dt>", " ", main)  # titles of rows are no sentences
    shown = re.sub(r"<(h\d|dd|p|li)[^>]*>", ". ", shown)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def promise(play: Stage) -> str:
    """The part of the welcome page that says what happens to answers."""
    return (
        read(play, "").partition("What happens to your answers")[2].partition("You began on this device")[0]
    )


def tidy(text: str) -> str:
    return re.sub(r"(\. ?){2,}", ". ", text).strip(". ") + "."


def test_the_promise_is_about_120_words_for_a_twelve_year_old(
    play: Stage, record_property: Callable[[str, object], None]
) -> None:
    said = tidy(promise(play))
    record_property("figure", f"{len(words(said))} words, reading age {reading_age(said):.1f}")
    assert 90 <= len(words(said)) <= 140, said
    assert reading_age(said) <= 12.5, (reading_age(said), said)


def test_it_names_the_operator_and_the_sponsor_and_what_they_could_do(play: Stage) -> None:
    with play.app.app_context():
        asks_texts = play.wave.terms.find('"sponsor":null') < 0
    said = promise(play)
    assert "Example Hosting" in said
    assert ("Sam Sponsor" in said) is asks_texts
    for words_used in ("could look", "break these terms", "at least 5", "receipt", "destroyed"):
        assert words_used in said


def test_the_page_behind_it_says_what_is_not_promised(play: Stage) -> None:
    said = read(play, "/how")
    assert "What is not promised" in said
    for words_used in (
        "Example Hosting",
        "Nothing technical stops them",
        "Someone who knows you well may guess",
        "stole both the database and the key",
    ):
        assert words_used in said


@pytest.mark.parametrize("page", ["", "/how", "/terms"])
def test_nobody_claims_more_than_is_true(play: Stage, page: str) -> None:
    said = read(play, page).lower()
    for claim in (
        "impossible",
        "nobody can",
        "no one can",
        "guarantee",
        "100 %",
        "fully anonymous",
        "completely",
    ):
        assert claim not in said
