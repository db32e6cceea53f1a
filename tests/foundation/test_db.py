"""One unit of work, moments with their zone, and writers who queue instead of failing."""

import contextlib
import fcntl
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from cast import MONDAY, workspace
from flask import Flask
from rig import house
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from survey_service.foundation.db import db, transaction
from survey_service.foundation.ready import ready_transaction
from survey_service.workspaces.models import Account, Member

PROCESSES, TURNS = 3, 30
COUNT_UP = """
import sys
from wsgi import app
from survey_service.foundation.db import db, transaction
from survey_service.workspaces.models import Account
with app.app_context():
    for _ in range(int(sys.argv[1])):
        account = db.session.get_one(Account, 1)
        with transaction():
            account.session_epoch = account.session_epoch + 1
"""


def ines() -> Account:
    return db.session.execute(select(Account).where(Account.email == "ines@hanse.example")).scalar_one()


def test_a_moment_comes_back_in_utc_whatever_its_zone(app_on_each_database: Flask) -> None:
    berlin = timezone(timedelta(hours=2))
    with app_on_each_database.app_context():
        workspace()
        with transaction():
            ines().confirmed_at = datetime(2026, 7, 1, 12, 30, tzinfo=berlin)
        db.session.expire_all()
        kept = ines().confirmed_at
        assert kept == datetime(2026, 7, 1, 10, 30, tzinfo=UTC)
        assert kept is not None
        assert kept.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(app_on_each_database: Flask) -> None:
    """SQLite would take it and drop the zone of all others silently."""
    with app_on_each_database.app_context():
        workspace()
        naive = datetime(2026, 7, 1, 12, 30)  # noqa: DTZ001 - that is the point
        with pytest.raises(StatementError, match="needs its time zone"), transaction():
            ines().confirmed_at = naive
        assert ines().confirmed_at == MONDAY


def test_what_fails_halfway_leaves_nothing(app_on_each_database: Flask) -> None:
    with app_on_each_database.app_context():
        workspace()
        with pytest.raises(ZeroDivisionError):
            _fail_halfway()
        assert ines().name == "Ines"


def _fail_halfway() -> None:
    with transaction():
        ines().name = "Somebody else"
        db.session.flush()
        _ = 1 / 0


def test_a_row_that_points_nowhere_is_refused(app_on_each_database: Flask) -> None:
    with app_on_each_database.app_context(), pytest.raises(IntegrityError), transaction():
        db.session.add(Member(workspace_id=99, account_id=99, role="owner"))


def test_an_sqlite_connection_is_prepared(app: Flask) -> None:
    """What was deleted is overwritten; a deposit is on the disk before its receipt is shown."""
    wanted = {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1, "synchronous": 2}
    with app.app_context(), db.engine.connect() as connection:
        for name, value in wanted.items():
            assert connection.scalar(text(f"PRAGMA {name}")) == value, name


def test_who_reads_is_not_held_up_by_who_writes(app: Flask) -> None:
    with app.app_context():
        workspace()
        with transaction():
            ines().name = "Ines the Second"
            db.session.flush()
            with contextlib.closing(sqlite3.connect(str(db.engine.url.database), timeout=0)) as reader:
                assert reader.execute("SELECT name FROM account").fetchone() == ("Ines",)


def test_who_writes_holds_the_lock_from_the_first_statement(app: Flask) -> None:
    """A lock asked for later would be refused to whoever has read meanwhile."""
    with app.app_context():
        workspace()
        other = sqlite3.connect(str(db.engine.url.database), timeout=0)
        with transaction():
            ines()
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")
        other.close()


def test_writers_of_several_processes_queue_and_none_is_lost(app: Flask, tmp_path: Path) -> None:
    """Each reads a number and writes the next; no turn is refused and none overwrites another's."""
    with app.app_context():
        workspace()
        address, first = db.engine.url.render_as_string(), ines().session_epoch
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SURVEY_")}
    environ |= {
        "SURVEY_ENV": "development",
        "SURVEY_DATA_DIR": str(tmp_path / "data"),
        "SURVEY_DATABASE_URL": address,
    }
    command = [sys.executable, "-c", COUNT_UP, str(TURNS)]
    writers = [
        subprocess.Popen(command, cwd=house.ROOT, env=environ, stderr=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    said = [(writer.communicate(timeout=120)[1], writer.returncode) for writer in writers]
    assert [code for _, code in said] == [0] * PROCESSES, said
    with app.app_context():
        assert ines().session_epoch == first + PROCESSES * TURNS


def test_a_writer_waits_no_longer_than_the_patience_for_one_that_hangs(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process was stopped in the middle of a transaction; nobody behind it waits for ever."""
    monkeypatch.setattr("survey_service.foundation.db.BUSY_MILLISECONDS", 50)
    with app.app_context():
        workspace()
        place = os.open(f"{db.engine.url.database}-queue", os.O_RDWR | os.O_CREAT)
        fcntl.flock(place, fcntl.LOCK_EX)
        with pytest.raises(OperationalError, match="does not let go"), transaction():
            ines().name = "Ines the Second"
        os.close(place)
        with transaction():
            ines().name = "Ines the Third"
        assert ines().name == "Ines the Third"


def test_no_ready_transaction_stands_inside_another(app: Flask) -> None:
    """It would let go of the other's place in the queue, and each would wait for the other's lock."""
    with app.app_context(), transaction(), pytest.raises(RuntimeError), ready_transaction():
        pass
