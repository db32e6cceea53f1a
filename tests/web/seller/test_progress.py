"""Ines sees how far long work has come, on a page that needs no script and tells nothing of answers."""

from datetime import UTC, datetime, timedelta

import pytest
from cast import Stage, stage
from flask import Flask
from sqlalchemy import update
from visitor import Visitor, reading

from survey_service.answers.intake import Ballot
from survey_service.foundation.db import db, transaction
from survey_service.outbox.models import Dispatch
from survey_service.waves.models import Wave
from survey_service.workspaces.scope import Scope


@pytest.fixture
def play(desk_app: Flask, hanse: Scope) -> Stage:
    """Launched a moment ago: 22 invitations lie in the outbox."""
    with desk_app.app_context():
        soon = datetime.now(UTC) + timedelta(days=11)
        made = stage(desk_app, scope=hanse, at=datetime.now(UTC), closes_at=soon)
        made.launch()
        return made


def leave(app: Flask, count: int) -> None:
    with app.app_context(), transaction():
        letters = [one.id for one in db.session.query(Dispatch).filter_by(kind="invitation").limit(count)]
        db.session.execute(update(Dispatch).where(Dispatch.id.in_(letters)).values(state="sent"))


def test_invitations_are_counted_as_they_leave(desk_app: Flask, ines: Visitor, play: Stage) -> None:
    page = ines.opens(f"/desk/engagements/{play.key}")
    assert "0 of 22 invitations have left." in reading(page)
    leave(desk_app, 9)
    page = ines.opens(f"/desk/engagements/{play.key}")
    assert "9 of 22 invitations have left." in reading(page)
    assert '<progress max="22" value="9"' in page.text
    leave(desk_app, 22)
    assert "There is nothing to do" in reading(ines.opens(f"/desk/engagements/{play.key}"))


def main(page: str) -> str:
    """What the page says; the token of the languages below it tells the second it was made."""
    return page[page.index("<main") : page.index("</main")]


def test_who_has_answered_changes_nothing_in_the_count(desk_app: Flask, ines: Visitor, play: Stage) -> None:
    leave(desk_app, 9)
    before = ines.opens(f"/desk/engagements/{play.key}").text
    with desk_app.app_context():
        for invitation in (play.invitations()[0], play.invitations()[-1]):
            play.answer(invitation, Ballot(answers={"Q01": 4}, concerns=()), at=datetime.now(UTC))
    after = ines.opens(f"/desk/engagements/{play.key}").text
    assert main(before) == main(after)


def test_a_closed_survey_says_that_it_is_being_counted(desk_app: Flask, ines: Visitor, play: Stage) -> None:
    with desk_app.app_context(), transaction():
        db.session.execute(update(Wave).values(state="closing"))
    assert "The answers are being counted" in reading(ines.opens(f"/desk/engagements/{play.key}"))


def test_an_open_survey_is_not_put_before_its_sponsor_again(
    desk_app: Flask, ines: Visitor, play: Stage
) -> None:
    """What led there, a page left open or the browser's history, leads to the survey instead."""
    answer = ines.opens(f"/desk/engagements/{play.key}/approval")
    assert answer.request.path == f"/desk/engagements/{play.key}"
