"""Pages, reports and letters say which language they are in and which way it runs, and speak it."""

import re
from datetime import timedelta
from pathlib import Path

import post
import pytest
import report_sample
from cast import Stage, stage
from flask import Flask

from survey_service.foundation import clock
from survey_service.foundation.i18n import LANGUAGES, gettext, speaking
from survey_service.outbox import letters, press
from survey_service.outbox.models import Dispatch
from survey_service.reports import page

TEMPLATES = Path(__file__).parents[2] / "templates"


def says(language: str) -> str:
    """What the first tag of a page in this language holds."""
    return f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"'


@pytest.fixture
def play(app: Flask) -> Stage:
    with app.app_context():
        made = stage(app, at=clock.now(), closes_at=clock.now() + timedelta(days=11))
        made.launch()
    return made


def test_no_page_leaves_its_language_to_chance() -> None:
    frames = [path for path in TEMPLATES.rglob("*.html") if "<html" in path.read_text(encoding="utf-8")]
    assert len(frames) >= 3
    for path in frames:
        opening = re.search(r"<html[^>]*>", path.read_text(encoding="utf-8"))
        assert opening, path
        assert re.search(r'lang="{{ language(\(\))? }}" dir="{{ direction(\(\))? }}"', opening[0]), path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "address", ["/", "/sign-in", "/sign-up", "/nowhere", "/a/not-a-link", "/s/not-a-link/"]
)
def test_public_pages_and_wrong_turns_answer_in_the_browsers_language(
    app: Flask, language: str, address: str
) -> None:
    answer = app.test_client().get(address, headers={"Accept-Language": language})
    assert says(language) in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_link_speaks_the_language_chosen_on_it(
    app: Flask, play: Stage, language: str
) -> None:
    with app.app_context():
        token = next(iter(play.tokens().values()))
    client = app.test_client()
    for page_name in ("", "/terms", "/how", "/receipt", "/stop"):
        answer = client.get(f"/a/{token}{page_name}?language={language}")
        assert answer.status_code == 200, page_name
        assert says(language) in answer.text, page_name
    first = client.post(f"/a/{token}/questions", data={"language": language, "screen": "0", "go": "next"})
    assert says(language) in first.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_roster_chooses_and_the_person_may_change(app: Flask, play: Stage, language: str) -> None:
    """The browser has no say; the roster has, until the person chooses on the page."""
    with app.app_context():
        token = next(iter(play.tokens().values()))
    client = app.test_client()
    assert says("en") in client.get(f"/a/{token}", headers={"Accept-Language": language}).text
    assert says(language) in client.get(f"/a/{token}?language={language}").text
    assert says("en") in client.get(f"/a/{token}").text  # nothing was kept


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(letters.LETTERS))
def test_letters_speak_the_language_of_the_roster(app: Flask, kind: str, language: str) -> None:
    dispatch = Dispatch(
        kind=kind,
        to_address="anna@nordlicht.example",
        to_name="Anna Berg",
        language=language,
        facts={},
        message_id="abc",
        due_at=post.MONDAY,
    )
    context = {"recipient_name": "Anna Berg", **post.CONTEXTS[kind]}
    with app.app_context():
        letter = post.read(press.compose(dispatch, context, mail_from=post.MAIL_FROM, at=post.MONDAY))
        with speaking(language):
            greeting = gettext("Hello %(name)s,", name="Anna Berg")
    plain, page_ = (letter.get_body((kind_,)) for kind_ in ("plain", "html"))
    assert plain
    assert page_
    assert letter["Content-Language"] == language
    assert greeting in plain.get_content()
    assert says(language) in page_.get_content()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", sorted(report_sample.CASES)[:6])
def test_a_report_is_whole_in_every_language(app: Flask, case: str, language: str) -> None:
    with app.app_context():
        with speaking(language):
            method = gettext("Method and limits")
        frame = page.Frame(asset=str, operator="Hanse Hosting")
        document = report_sample.document(case)
        shown = page.render(document, env=app.jinja_env, language=language, for_print=True, frame=frame)
    assert says(language) in shown
    assert method in shown
