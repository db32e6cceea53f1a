"""The operator looks at a schedule of reminders, and changes it."""

import json
from datetime import timedelta

import pytest
from cast import MONDAY, Stage, stage
from flask import Flask

from survey_service import journal
from survey_service.engagements import sponsor as sponsors
from survey_service.foundation.db import transaction
from survey_service.waves import schedules
from survey_service.waves.announce import NotOpen
from survey_service.workspaces.schedule import USUAL, Schedule


def change(play: Stage, new: Schedule) -> None:
    with transaction():
        schedules.change(play.engagement, new, who="operator", at=MONDAY + timedelta(hours=1))


def test_before_launch_any_days_are_chosen_and_the_sponsor_approves_anew(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        approved = sponsors.digest(play.engagement)
        change(play, Schedule((1, 3, 8), last_day=False))
        assert sponsors.digest(play.engagement) != approved
        play.launch()
        assert play.wave.reminders == "1 3 8"


def test_while_it_is_open_days_are_left_out_and_none_added(app_on_each_database: Flask) -> None:
    with app_on_each_database.app_context():
        play = stage(app_on_each_database)
        play.launch()
        assert schedules.of(play.engagement) == USUAL
        with pytest.raises(schedules.MoreReminders, match="on working days 2 and 5"):
            change(play, Schedule((2, 6), last_day=True))
        change(play, Schedule((5,), last_day=False))
        assert {one.remind_at.date().isoformat() for one in play.invitations() if one.remind_at} == {
            "2026-12-07"
        }
        change(play, Schedule((), last_day=False))
        assert [one for one in play.invitations() if one.remind_at] == []
        entry = journal.of_engagement(play.engagement.id)[0]
        assert (entry.event, entry.facts) == ("reminders changed", {"reminders": ""})


def test_once_closed_nothing_is_left_to_choose(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        play.launch()
        with pytest.raises(NotOpen), transaction():
            schedules.change(play.engagement, Schedule((), False), who="operator", at=play.wave.closes_at)


def test_the_command_says_and_changes_it(app: Flask) -> None:
    with app.app_context():
        key = stage(app).key
    shell = app.test_cli_runner()
    said = shell.invoke(args=["survey", "reminders", key])
    assert said.output.startswith("People are reminded on working days 2 and 5 after launch")
    done = shell.invoke(args=["survey", "reminders", key, "--days", "3", "--json"])
    assert json.loads(done.output) == {"engagement": key, "reminders": "3"}
    refused = shell.invoke(args=["survey", "reminders", key, "--days", "every day"])
    assert refused.exit_code == 1


def test_no_reminder_is_due_in_the_past_at_launch(app: Flask) -> None:
    """Launched on Saturday, closing on Monday: the last working day before the close lies before launch."""
    saturday = MONDAY - timedelta(days=2)
    with app.app_context():
        play = stage(app, at=saturday, closes_at=MONDAY + timedelta(hours=3))
        play.launch()
        assert {one.remind_at for one in play.invitations()} == {None}
