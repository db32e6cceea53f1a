"""Someone asks to be erased, before they answered or after: it looks alike, and tells nobody anything."""

from datetime import timedelta

import pytest
from cast import CLOSES, MONDAY, Stage, address_of, stage
from flask import Flask
from sqlalchemy import select, text

from survey_service.answers import box
from survey_service.answers.intake import Ballot
from survey_service.engagements import erasure
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import NotFound
from survey_service.journal import Entry
from survey_service.reports import publish
from survey_service.scheduler import timetable
from survey_service.waves import booth, participation, verify

PAT, QUINN = "operations1@nordlicht.example", "operations2@nordlicht.example"


@pytest.fixture
def play(app_on_each_database: Flask) -> Stage:
    with app_on_each_database.app_context():
        made = stage(app_on_each_database)
        made.launch()
        for invitation in made.invitations()[2:13]:
            made.answer(invitation, Ballot({"Q01": 4}, ()))
    return made


def erase(play: Stage, email: str) -> None:
    with transaction():
        erasure.erase(play.engagement, email, who="operator", at=MONDAY)


def everything() -> str:
    rows: list[str] = []
    for table in sorted(db.metadata.tables):
        rows += [repr(tuple(row)) for row in db.session.execute(text(f'SELECT * FROM "{table}"'))]
    return "\n".join(rows)


def test_name_address_link_and_letters_are_gone(play: Stage) -> None:
    with play.app.app_context():
        token = play.tokens()[PAT]
        erase(play, f" {PAT.upper()} ")
        assert PAT not in everything()
        assert "Operations 1'" not in everything()
        with pytest.raises(NotFound):
            booth.enter(play.here.links, token, at=MONDAY)
        with pytest.raises(erasure.NotOnRoster):
            erase(play, PAT)


def test_whoever_has_answered_is_erased_just_as_whoever_has_not(play: Stage) -> None:
    with play.app.app_context():
        pat = play.invitations()[0]
        play.answer(pat, Ballot({"Q01": 1}, ()))
        for email in (PAT, QUINN):
            erase(play, email)
            timetable.tick(play.here, at=MONDAY + timedelta(hours=1))
        lines = db.session.scalars(select(Entry).where(Entry.event == "person erased")).all()
        assert len({(one.who, one.at, str(one.facts)) for one in lines}) == 1
        assert box.count(play.wave.id) == 12


def test_erasing_people_one_by_one_does_not_show_who_had_answered(play: Stage) -> None:
    with play.app.app_context():
        seen = []
        for number, invitation in enumerate(play.invitations()):
            with transaction():
                participation.refresh_due(at=MONDAY + timedelta(days=number // 3))
            seen.append(play.wave.participation)
            erase(play, address_of(invitation))
        assert set(seen) == {10}


def test_the_report_counts_everyone_ever_invited(play: Stage) -> None:
    with play.app.app_context():
        erase(play, PAT)
        erase(play, address_of(play.invitations()[5]))
        assert verify.faults(play.wave) == []
        timetable.tick(play.here, at=CLOSES + timedelta(minutes=1))
        told = publish.for_sponsor(play.engagement)["waves"][0]
        assert (told["stakeholders"], told["answered"]) == (22, 11)
