"""A workspace nobody vouches for writes to a few people a day, so that sign-up is no spam relay."""

from datetime import timedelta

import pytest
from cast import MONDAY, Stage, stage
from flask import Flask

from survey_service.foundation.db import db, transaction
from survey_service.foundation.settings import Settings, SettingsError
from survey_service.workspaces import allowance
from survey_service.workspaces.allowance import TooManyLetters
from survey_service.workspaces.models import Workspace


@pytest.fixture
def play(app: Flask) -> Stage:
    with app.app_context():
        return stage(app)


def need(play: Stage, wanted: int, *, later: timedelta = timedelta()) -> None:
    allowance.need(play.scope.workspace_id, wanted, limit=50, operator="Example", at=MONDAY + later)


def test_twenty_two_invitations_leave_room_for_less_than_thirty_more(app: Flask, play: Stage) -> None:
    with app.app_context():
        need(play, 50)
        play.launch()
        with pytest.raises(TooManyLetters) as refused:
            need(play, 30)
        assert "Ask Example to lift the limit" in str(refused.value)
        need(play, 30, later=timedelta(days=1, hours=1))


def test_whom_the_operator_trusts_has_no_limit(app: Flask, play: Stage) -> None:
    with app.app_context():
        play.launch()
        done = app.test_cli_runner().invoke(args=["survey", "workspace", "trust", play.scope.workspace_key])
        assert done.exit_code == 0, done.output
    with app.app_context():
        need(play, 5000)


def test_a_workspace_made_by_command_is_trusted_and_one_that_signed_up_is_not(
    app: Flask, play: Stage
) -> None:
    made = app.test_cli_runner().invoke(
        args=["survey", "workspace", "create", "Made", "--owner", "o@made.example"],
        input="a calm long word\n",
    )
    assert made.exit_code == 0, made.output
    with app.app_context(), transaction():
        found = {one.name: one.is_trusted for one in db.session.query(Workspace)}
    assert found == {"Hanse Systems": False, "Made": True}


def test_the_limit_is_a_setting() -> None:
    home = {"SURVEY_ENV": "development"}
    assert Settings.from_environ(home).new_workspace_limit is None
    assert Settings.from_environ({**home, "SURVEY_NEW_WORKSPACE_LIMIT": "7"}).new_workspace_limit == 7
    with pytest.raises(SettingsError, match="or 'none'"):
        Settings.from_environ({**home, "SURVEY_NEW_WORKSPACE_LIMIT": "many"})
