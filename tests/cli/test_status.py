"""What the operator is told of the clock."""

import json

from flask import Flask

from survey_service.foundation import clock
from survey_service.scheduler import turns
from survey_service.scheduler.timetable import TIMETABLE


def test_on_a_new_server_it_is_said_first_that_no_clock_has_run(app: Flask) -> None:
    shell = app.test_cli_runner()
    fresh = shell.invoke(args=["survey", "scheduler", "status"])
    assert fresh.exit_code == 1
    assert fresh.output.startswith("No clock has run here yet: nothing is sent or closed.")
    with app.app_context():
        for line in TIMETABLE:
            turns.take(line.name, line.interval, at=clock.now())
            turns.end(line.name, at=clock.now(), went_well=True)
    later = shell.invoke(args=["survey", "scheduler", "status", "--json"])
    assert later.exit_code == 0
    assert json.loads(later.output)["has_run"]
