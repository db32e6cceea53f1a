"""Terms never change after launch, but by an announced amendment: not by a door, not in the tables."""

import json
from datetime import timedelta

import pytest
from cast import CLOSES, MONDAY, Stage, stage
from click.testing import Result
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from survey_service.engagements import desk
from survey_service.foundation.db import db, transaction
from survey_service.scheduler import timetable
from survey_service.waves import amend, chain, verify
from survey_service.waves.terms import TermsChanged

LATER = CLOSES + timedelta(days=3)


@pytest.fixture
def play(app_on_each_database: Flask) -> Stage:
    with app_on_each_database.app_context():
        made = stage(app_on_each_database)
        made.launch()
    return made


def amended(play: Stage) -> None:
    with transaction():
        amend.move_closing(play.scope, play.engagement, LATER, at=MONDAY)


def closed(play: Stage) -> None:
    timetable.tick(play.here, at=play.wave.closes_at + timedelta(minutes=1))


def tried(statement: str) -> None:
    with transaction():
        db.session.connection().exec_driver_sql(statement)


WHILE_OPEN = (
    "UPDATE wave SET terms = replace(terms, '\"k\":5', '\"k\":2')",
    "UPDATE wave SET terms_sha256 = 'x'",
    "UPDATE wave SET number = 7",
    "UPDATE wave SET key = 'other'",
    "UPDATE wave SET closes_at = launched_at",
    "UPDATE invitation SET group_name = 'Legal' WHERE group_name <> 'Legal'",
    "UPDATE amendment SET document = '{}'",
    "UPDATE amendment SET closes_at = NULL",
    "DELETE FROM amendment",
    "INSERT INTO amendment (wave_id, number, kind, document, sha256, closes_at) "
    "SELECT wave_id, 2, kind, document, sha256, closes_at FROM amendment",
)


@pytest.mark.parametrize("statement", WHILE_OPEN)
def test_the_database_refuses_to_change_what_was_frozen(
    app_on_each_database: Flask, play: Stage, statement: str
) -> None:
    with app_on_each_database.app_context():
        amended(play)
        before = chain.current(play.wave)
        with pytest.raises(IntegrityError):
            tried(statement)
        db.session.expire_all()
        assert chain.current(play.wave) == before
        assert verify.faults(play.wave) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE wave SET state = 'open'",
        "UPDATE release SET document = '{}'",
        "UPDATE wave SET closes_at = launched_at",
        "INSERT INTO amendment (wave_id, number, kind, document, sha256) "
        "SELECT id, 1, 'people added', '{}', 'x' FROM wave",
    ],
)
def test_what_was_closed_stays_closed_and_a_report_stays_as_computed(
    app_on_each_database: Flask, play: Stage, statement: str
) -> None:
    with app_on_each_database.app_context():
        closed(play)
        with pytest.raises(IntegrityError):
            tried(statement)


def test_an_engagement_can_be_deleted_with_everything_it_holds(
    app_on_each_database: Flask, play: Stage
) -> None:
    with app_on_each_database.app_context():
        amended(play)
        closed(play)
        tried("DELETE FROM invitation")
        tried("DELETE FROM wave")
        assert db.session.scalar(text("SELECT count(*) FROM amendment")) == 0


def test_no_door_changes_words_dates_or_roster_of_a_launched_engagement(
    app_on_each_database: Flask, play: Stage
) -> None:
    with app_on_each_database.app_context(), pytest.raises(desk.Launched):
        desk.change_engagement(
            play.scope, play.key, launched=True, has_report=False, at=MONDAY, change="Something else."
        )


# Whoever owns the database can drop its triggers; then the hashes tell.


def unguarded(statement: str) -> None:
    """As the database's owner could."""
    with transaction():
        if db.engine.dialect.name == "sqlite":
            for name in db.session.scalars(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            ).all():
                db.session.execute(text(f"DROP TRIGGER {name}"))
        else:
            db.session.execute(text("SET LOCAL session_replication_role = replica"))
        db.session.connection().exec_driver_sql(statement)
    db.session.expire_all()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE wave SET terms = replace(terms, '\"k\":5', '\"k\":2')",
        "UPDATE amendment SET document = replace(document, '2026-12-14', '2026-12-24')",
        "UPDATE amendment SET sha256 = 'x'",
        "UPDATE amendment SET number = 2",
    ],
)
def test_with_its_guards_gone_a_changed_text_is_still_not_believed(
    app_on_each_database: Flask, play: Stage, statement: str
) -> None:
    with app_on_each_database.app_context():
        amended(play)
        unguarded(statement)
        with pytest.raises(TermsChanged):
            chain.current(play.wave)
        assert verify.faults(play.wave)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM amendment", "close at another time"),
        ("UPDATE wave SET closes_at = launched_at", "close at another time"),
        ("UPDATE invitation SET group_name = 'Legal'", "More people were asked in Legal"),
        ("UPDATE sponsor SET name = 'Eve'", "The sponsor is another"),
    ],
)
def test_tables_that_say_something_else_than_the_terms_are_noticed(
    app_on_each_database: Flask, play: Stage, statement: str, said: str
) -> None:
    with app_on_each_database.app_context():
        amended(play)
        unguarded(statement)
        assert [fault for fault in verify.faults(play.wave) if said in fault]


def command(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["survey", *words])


def test_the_operator_can_print_and_check_the_terms(app_on_each_database: Flask, play: Stage) -> None:
    app = app_on_each_database
    with app.app_context():
        amended(play)
    printed = command(app, "terms", play.key)
    assert printed.exit_code == 0
    assert "All is as announced." in printed.output
    told = json.loads(command(app, "terms", play.key, "--json").output)
    assert [one["sha256"] == one["is"] for one in told["chain"]] == [True, True]
    with app.app_context():
        unguarded("UPDATE wave SET terms = replace(terms, '\"k\":5', '\"k\":2')")
    changed = command(app, "terms", play.key)
    assert changed.exit_code == 1
    assert "CHANGED" in changed.output
