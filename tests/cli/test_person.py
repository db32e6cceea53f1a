"""One person's data by command: what is kept, its erasure, and what nobody can find."""

import json

from cast import stage
from flask import Flask

from survey_service.engagements import roster

PAT = "operations1@nordlicht.example"


def test_pat_is_found_and_erased_and_answers_are_not_looked_for(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        play.launch()
    runner = app.test_cli_runner()
    told = json.loads(runner.invoke(args=["survey", "person", PAT, "--export"]).output)
    assert [(one["name"], one["asked_in"]) for one in told["rosters"]] == [("Operations 1", 1)]
    assert told["letters"] == [{"kind": "invitation", "state": "queued"}]
    assert "Answers cannot be looked up" in told["note"]
    assert "spent" not in json.dumps(told)
    done = runner.invoke(args=["survey", "person", PAT.upper(), "--erase"])
    assert done.exit_code == 0, done.output
    assert "Erased from 1 rosters." in done.output
    with app.app_context():
        assert PAT not in roster.addresses(play.engagement)
    assert json.loads(runner.invoke(args=["survey", "person", PAT]).output)["rosters"] == []


def test_a_sponsor_is_named_and_stays(app: Flask) -> None:
    with app.app_context():
        key = stage(app).key
    done = app.test_cli_runner().invoke(args=["survey", "person", "sam@nordlicht.example", "--erase"])
    assert f"Still the sponsor of {key}" in done.output
