"""Ines chooses when people are reminded; Sam sees it before he approves; at launch it is frozen."""

import random
from datetime import timedelta

import pytest
from cast import stage
from flask import Flask
from visitor import Visitor, reading

from survey_service.engagements import desk
from survey_service.engagements import sponsor as sponsors
from survey_service.foundation import clock
from survey_service.foundation.db import transaction
from survey_service.invitations import schedule as mornings
from survey_service.workspaces import schedule
from survey_service.workspaces.schedule import Schedule
from survey_service.workspaces.scope import Scope

WORDS = {
    "buyer": "Nordlicht",
    "change": "Move order handling from e-mail to one shared list.",
    "has_no_sponsor": "y",
    "instrument": "core/1",
    "language": "en",
    "time_zone": "Europe/Berlin",
}


def closing() -> str:
    return f"{clock.now() + timedelta(days=30):%Y-%m-%dT%H:%M}"


def test_the_workspaces_own_days_stand_in_a_new_engagement(ines: Visitor) -> None:
    page = ines.opens("/desk/engagements/new").text
    assert 'value="2, 5"' in page
    assert "And on the last working day before the close" in page


@pytest.mark.parametrize("typed", ["two", "0", "1 2 3", "99"])
def test_days_that_cannot_be_are_said_beside_their_field(ines: Visitor, typed: str) -> None:
    words = WORDS | {"closes_at": closing(), "reminder_days": typed, "reminds_last_day": "y"}
    page = ines.sends("/desk/engagements/new", **words)
    assert page.status_code == 200
    assert 'id="reminder_days-error"' in page.text
    assert "Give at most 3 reminders" in reading(page)
    assert f'value="{typed}"' in page.text


def test_days_chosen_are_shown_and_frozen_at_launch(desk_app: Flask, hanse: Scope, ines: Visitor) -> None:
    with desk_app.app_context():
        play = stage(desk_app, scope=hanse, sponsor=False, at=clock.now())
    address = f"/desk/engagements/{play.key}"
    words = WORDS | {"closes_at": closing(), "reminder_days": "3; 1"}
    assert ines.sends(f"{address}/words", **words).status_code == 302
    assert "on working days 1 and 3 after launch" in reading(ines.opens(f"{address}/launch"))
    with desk_app.app_context():
        wave = play.launch()
        assert schedule.read(wave.reminders) == Schedule((1, 3), last_day=False)
        invitation = play.invitations()[0]
        days = mornings.moments(
            wave.launched_at,
            wave.closes_at,
            "Europe/Berlin",
            random.Random(invitation.link),
            Schedule((1, 3), False),
        )
        assert invitation.remind_at in days
    assert "on working days 1 and 3 after launch" in reading(ines.opens(address))


def test_other_days_have_to_be_approved_again(desk_app: Flask, hanse: Scope) -> None:
    with desk_app.app_context():
        play = stage(desk_app, scope=hanse, at=clock.now())
        approved = sponsors.digest(play.engagement)
        with transaction():
            desk.change_engagement(
                hanse,
                play.key,
                launched=False,
                has_report=False,
                at=clock.now(),
                reminders=Schedule((4,)),
                sponsor_name="Sam Sponsor",
                sponsor_email="sam@nordlicht.example",
            )
        assert sponsors.digest(play.engagement) != approved


def test_no_reminders_is_said_in_words(desk_app: Flask) -> None:
    with desk_app.app_context(), desk_app.test_request_context():
        assert schedule.said(Schedule((), last_day=False)) == "not at all"
        assert schedule.said(Schedule((1,))) == (
            "on working day 1 after launch and on the last working day before the close"
        )
