"""Whoever lost their letter gets the link again, and whoever was not asked learns nothing."""

from datetime import timedelta

import cast
import pytest
from flask import Flask
from sqlalchemy import select
from visitor import Visitor, reading

from survey_service.foundation import clock
from survey_service.foundation.db import db
from survey_service.outbox.models import Dispatch
from survey_service.scheduler import timetable

PAT = "operations1@nordlicht.example"


@pytest.fixture
def play(app: Flask) -> cast.Stage:
    app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context():
        made = cast.stage(app, at=clock.now(), closes_at=clock.now() + timedelta(days=11))
        made.launch()
    return made


def again(app: Flask) -> list[str]:
    """To whom the link is sent again."""
    with app.app_context():
        return list(db.session.scalars(select(Dispatch.to_address).where(Dispatch.kind == "link-again")))


def test_the_answer_is_the_same_whether_anyone_was_asked_there_or_not(app: Flask, play: cast.Stage) -> None:
    visitor = Visitor(app)
    asked = reading(visitor.sends("/lost-link", email=f"  {PAT.upper()} "))
    nobody = reading(visitor.sends("/lost-link", email="nobody@nordlicht.example"))
    assert asked == nobody
    assert PAT not in asked
    assert again(app) == [PAT]


def test_asking_twice_sends_one_letter(app: Flask, play: cast.Stage) -> None:
    for _ in range(2):
        Visitor(app).sends("/lost-link", email=PAT)
    assert again(app) == [PAT]


def test_after_the_close_nothing_is_sent(app: Flask, play: cast.Stage) -> None:
    with app.app_context():
        timetable.tick(play.here, at=play.wave.closes_at + timedelta(minutes=1))
    Visitor(app).sends("/lost-link", email=PAT)
    assert again(app) == []


def test_what_is_no_address_is_said_so(app: Flask, play: cast.Stage) -> None:
    assert "not an e-mail address" in reading(Visitor(app).sends("/lost-link", email="pat"))
