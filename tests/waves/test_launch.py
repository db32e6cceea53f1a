"""What must be so before anyone is asked, and what is frozen then."""

from datetime import timedelta

import pytest
from cast import GROUPS, MONDAY, Stage, people, stage, workspace
from flask import Flask
from sqlalchemy import func, select

from survey_service.engagements import desk, roster
from survey_service.engagements import sponsor as sponsors
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import NotAllowed, Refusal
from survey_service.foundation.installation import installation
from survey_service.invitations.models import Invitation
from survey_service.outbox.models import Dispatch
from survey_service.waves import launch as launching
from survey_service.waves import terms as wave_terms
from survey_service.waves.launch import (
    AlreadyLaunched,
    AskedTooRecently,
    ClosesTooSoon,
    NotApproved,
    RosterTooSmall,
)
from survey_service.workspaces.scope import Scope


def obstacles(play: Stage) -> list[type[Refusal]]:
    return [type(one) for one in launching.obstacles(play.engagement, at=play.at)]


def launch(play: Stage) -> None:
    with transaction():
        launching.launch(play.scope, play.engagement, installation=installation(), at=play.at)


def test_everyone_on_the_roster_is_invited_once(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        play.launch()
        letters = db.session.scalar(select(func.count()).where(Dispatch.kind == "invitation"))
        assert len(play.invitations()) == letters == sum(GROUPS.values())
        assert len({one.link for one in play.invitations()}) == sum(GROUPS.values())


def test_no_letter_in_the_outbox_holds_a_link(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        play.launch()
        rows = [str(tuple(row)) for row in db.session.execute(Dispatch.__table__.select())]
        assert not any(token in row for token in play.tokens().values() for row in rows)
        assert not any("http" in row for row in rows)


def test_nothing_is_launched_before_the_sponsor_approved(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        assert obstacles(play) == [NotApproved]
        with pytest.raises(NotApproved):
            launch(play)
        assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_fewer_than_five_people_cannot_be_asked(app: Flask) -> None:
    with app.app_context():
        play = stage(app, groups={"Board": 4}, sponsor=False)
        assert obstacles(play) == [RosterTooSmall]


def test_five_people_can_be_asked(app: Flask) -> None:
    with app.app_context():
        assert obstacles(stage(app, groups={"Board": 5}, sponsor=False)) == []


def test_a_closing_time_that_is_near_or_past_is_refused(app: Flask) -> None:
    with app.app_context():
        play = stage(app, sponsor=False, closes_at=MONDAY + timedelta(minutes=30))
        assert obstacles(play) == [ClosesTooSoon]


def test_a_wave_is_launched_once(app: Flask) -> None:
    with app.app_context():
        play = stage(app, sponsor=False)
        play.launch()
        with pytest.raises(AlreadyLaunched):
            launch(play)


def test_a_viewer_launches_nothing(app: Flask) -> None:
    with app.app_context():
        play = stage(app, sponsor=False)
        viewer = Scope(**{**play.scope.__dict__, "role": "viewer"})
        with pytest.raises(NotAllowed), transaction():
            launching.launch(viewer, play.engagement, installation=installation(), at=play.at)


def test_the_same_people_are_not_asked_twice_in_a_fortnight(app: Flask) -> None:
    with app.app_context():
        scope = workspace()
        stage(app, scope=scope, sponsor=False).launch()
        again = stage(app, scope=scope, sponsor=False)
        assert obstacles(again) == [AskedTooRecently]


def test_another_workspace_learns_nothing_of_whom_this_one_asks(app: Flask) -> None:
    with app.app_context():
        stage(app, sponsor=False).launch()
        other = stage(app, scope=workspace("Other", "carl@other.example"), sponsor=False)
        assert obstacles(other) == []


def test_the_terms_say_what_was_on_the_roster(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        wave = play.launch()
        terms = wave_terms.read(wave.terms, wave.terms_sha256)
        assert dict(terms.groups) == GROUPS
        assert (terms.sponsor, terms.k, terms.instrument) == ("Sam Sponsor", 5, "core/1")
        assert terms.stakeholders == len(play.invitations())


def test_people_added_after_the_approval_have_to_be_approved_again(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        with transaction():
            sponsor = sponsors.of(play.engagement)
            assert sponsor is not None
            sponsors.approve(sponsor, sponsors.digest(play.engagement), at=play.at)
        assert obstacles(play) == []
        with transaction():
            extra = tuple(people({"Board": 1}))
            roster.add_all(desk.find(play.scope, play.key), extra, who="Ines", at=play.at)
        assert obstacles(play) == [NotApproved]
