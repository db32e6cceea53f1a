"""What can be said about letters: no more reminders, none at all, somebody else; never by looking."""

from datetime import timedelta

import pytest
from cast import Stage, stage
from flask import Flask
from sqlalchemy import select
from web.respondent.paper_browser import PaperBrowser

from survey_service.foundation import clock
from survey_service.foundation.db import db
from survey_service.outbox.models import Dispatch

PAT = "operations1@nordlicht.example"


def told(app: Flask) -> list[Dispatch]:
    """Letters about a wrong person."""
    with app.app_context():
        return list(db.session.scalars(select(Dispatch).where(Dispatch.kind == "wrong-person")))


def test_reminders_stop_by_a_button_and_not_by_looking(
    app: Flask, play: Stage, pat: PaperBrowser, link: str
) -> None:
    pat.open(f"{link}/stop")
    with app.app_context():
        assert not play.invitations()[0].wants_no_reminders
    pat.press("Stop them")
    assert "No more reminders will come" in pat.text
    assert "Your link stays open until" in pat.text
    with app.app_context():
        pats = play.invitations()[0]
        assert (pats.wants_no_reminders, pats.remind_at) == (True, None)


def test_a_mail_programs_own_stop_button_works(app: Flask, play: Stage, pat: PaperBrowser, link: str) -> None:
    pat.post(f"{link}/stop", {"List-Unsubscribe": "One-Click"})
    assert pat.page.status_code == 200
    with app.app_context():
        assert play.invitations()[0].wants_no_reminders


def test_no_letters_at_all_holds_for_the_workspaces_later_launches(
    app: Flask, play: Stage, pat: PaperBrowser, link: str
) -> None:
    pat.open(f"{link}/stop")
    pat.press("Stop them", what="letters")
    assert "No more letters will come" in pat.text
    at = clock.now()
    with app.app_context():
        groups = {"Operations": 4, "Buying": 4}  # fewer than five of those who are being asked already
        other = stage(app, scope=play.scope, groups=groups, at=at, closes_at=at + timedelta(days=11))
        other.launch()
        asked = select(Dispatch.to_address).where(
            Dispatch.kind == "invitation", Dispatch.wave_id == other.wave.id
        )
        written_to = set(db.session.scalars(asked))
        assert len(other.invitations()) == 8
    assert len(written_to) == 7
    assert PAT not in written_to


def test_a_wrong_person_is_told_to_the_sponsor_once_and_says_nothing_of_answers(
    app: Flask, pat: PaperBrowser, link: str
) -> None:
    pat.open(f"{link}/wrong-person")
    assert told(app) == []
    pat.press("Pass it on", who="Ben\r\nBcc: eve@evil.example, in dispatch")
    first = pat.text
    assert "Sam Sponsor is told" in first
    (letter,) = told(app)
    assert letter.to_address == "sam@nordlicht.example"
    assert letter.facts["address"] == PAT
    assert letter.facts["suggestion"] == "Ben Bcc: eve@evil.example, in dispatch"
    pat.open(f"{link}/wrong-person")
    pat.press("Pass it on", who="somebody else")
    assert pat.text == first
    assert len(told(app)) == 1


@pytest.mark.parametrize("form", [{}, {"List-Unsubscribe": "One-Click"}, {"who": "Ben"}])
def test_a_bare_post_as_scanners_send_passes_nothing_on(
    app: Flask, play: Stage, pat: PaperBrowser, link: str, form: dict[str, str]
) -> None:
    pat.post(f"{link}/wrong-person", form)
    assert pat.page.status_code == 200
    assert "Should somebody else be asked?" in pat.text
    assert told(app) == []
    with app.app_context():
        assert not play.invitations()[0].wants_no_reminders


def test_who_has_answered_is_passed_on_in_the_same_words(app: Flask, pat: PaperBrowser, link: str) -> None:
    pat.answer(link)
    pat.open(f"{link}/wrong-person")
    pat.press("Pass it on")
    assert "Sam Sponsor is told" in pat.text
    assert "answer" not in str(told(app)[0].facts)
