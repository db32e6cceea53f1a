"""The clock itself: it ends when told, spares its likes, and makes up for what it missed, once."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import cast
import post
import pytest
from cast import MONDAY
from flask import Flask
from post import Sink

from survey_service.foundation.db import db, transaction
from survey_service.scheduler import turns

ROOT = Path(__file__).parents[2]
FIVE = timedelta(minutes=5)


@pytest.fixture
def app(app_on_each_database: Flask) -> Iterator[Flask]:
    with app_on_each_database.app_context():
        yield app_on_each_database


def test_of_two_clocks_one_does_the_line(app: Flask) -> None:
    assert turns.take("remind", FIVE, at=MONDAY)
    assert not turns.take("remind", FIVE, at=MONDAY + timedelta(seconds=30))
    assert turns.take("remind", FIVE, at=MONDAY + FIVE)


def test_missed_turns_are_made_up_for_once(app: Flask) -> None:
    assert turns.take("remind", FIVE, at=MONDAY)
    woke = MONDAY + timedelta(days=3)
    assert turns.take("remind", FIVE, at=woke)
    assert not turns.take("remind", FIVE, at=woke + timedelta(seconds=10))


def test_a_clock_put_back_does_not_wait_for_the_time_it_lost(app: Flask) -> None:
    assert turns.take("remind", FIVE, at=MONDAY + timedelta(hours=1))
    assert turns.take("remind", FIVE, at=MONDAY)


def scheduler(folder: Path, url: str, sink: Sink) -> subprocess.Popen[bytes]:
    """The operator's command, started."""
    environ = {
        "SURVEY_ENV": "development",
        "SURVEY_DATA_DIR": str(folder),
        "SURVEY_DATABASE_URL": url,
        "SURVEY_SMTP_URL": f"smtp://127.0.0.1:{sink.port}",
        "PATH": "/usr/bin:/bin",
    }
    words = [sys.executable, "-m", "flask", "--app", "wsgi", "survey", "scheduler", "run"]
    return subprocess.Popen(
        words, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.mark.slow
def test_told_to_stop_while_it_is_still_loading_it_ends_well(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with post.sink() as sink:
        running = scheduler(folder, f"sqlite:///{folder / 'common-ground.sqlite'}", sink)
        try:
            until = time.monotonic() + 60
            while not folder.exists() and time.monotonic() < until:  # made while the settings are read
                time.sleep(0.01)
            running.send_signal(signal.SIGTERM)
            assert running.wait(10) == 0
        finally:
            running.kill()
            running.wait(10)


@pytest.mark.slow
def test_it_ends_within_five_seconds_even_while_a_server_thinks(
    app: Flask, tmp_path: Path, database_url: str
) -> None:
    with post.sink() as sink:
        sink.holds.add("ines@hanse.example")
        cast.workspace()
        with transaction():
            written = post.put("ines@hanse.example", "already-registered")
            written.facts = {"account_id": 1}
            written.due_at = MONDAY - timedelta(days=300)
        db.session.remove()
        running = scheduler(tmp_path / "data", database_url, sink)
        try:
            assert sink.reading.wait(60)
            asked = time.monotonic()
            running.send_signal(signal.SIGTERM)
            assert running.wait(10) == 0
            assert time.monotonic() - asked < 5.5
        finally:
            running.kill()
            running.wait(10)
    assert post.rows(app)["ines@hanse.example"].state == "sending"
