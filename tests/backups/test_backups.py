"""A backup made, kept, damaged, put back: by command, on both databases and from one into the other."""

import gzip
import json
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cast import MONDAY, Stage, stage
from conftest import TEMPLATE, _app, _closed
from flask import Flask
from rig import postgres
from sqlalchemy import Connection, MetaData, event, func, select, update
from village import Village, everything

from survey_service.answers.intake import Ballot
from survey_service.backups import leaving, making, paper, restoring
from survey_service.foundation import clock, upgrade
from survey_service.foundation.db import Base, db, transaction
from survey_service.journal import Entry
from survey_service.outbox.models import Dispatch
from survey_service.scheduler import timetable
from survey_service.waves import lost
from survey_service.workspaces.models import Account, Workspace

YES = Ballot(answers={"Q01": 5}, concerns=("K01",), texts=("Time.", ""))
#: Changed on purpose: what no backup holds, and what has to differ afterwards.
CHANGED = {"journal", "account", "wave", "invitation", "dispatch", *leaving.TABLES}


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An empty installation of each kind: a file that is not there yet, a database with tables."""
    place = tmp_path / "elsewhere"
    if request.param == "sqlite":
        made = _app(f"sqlite:///{place / 'new.sqlite'}", place)
        yield made
        _closed(made)
        return
    with postgres.clone(request.getfixturevalue("postgresql"), TEMPLATE) as address:
        made = _app(address, place)
        yield made
        _closed(made)


def typed(app: Flask, *words: object, code: int = 0) -> str:
    done = app.test_cli_runner().invoke(args=["survey", *map(str, words)])
    assert done.exit_code == code, done.output
    return str(done.stdout if code == 0 else done.stderr)


def facts(app: Flask, *words: object) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(typed(app, *words, "--json"))
    return read


def test_a_village_moves_whole_into_a_database_of_either_kind(
    village: Village, elsewhere: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "village.backup"
    told = facts(village.app, "backup", file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert told.keys() == {"file", "rows", "bytes", "made_at"}
    back = facts(elsewhere, "restore", file)
    assert (back["rows"], back["made_at"]) == (told["rows"], told["made_at"])
    assert set(back["lost"]) == {village.at.open}
    before, after = everything(village.app), everything(elsewhere)
    assert {name for name in before if before[name] != after[name]} <= CHANGED
    assert len(before["release"]) == len(after["release"]) == 1
    with elsewhere.app_context():
        assert upgrade.is_current()
        with transaction():  # numbers go on after the highest that came in
            db.session.add(Workspace(key="k", name="New", created_at=MONDAY))


def test_the_report_and_the_sign_in_work_where_the_backup_was_put_back(
    village: Village, tmp_path: Path
) -> None:
    app, file = village.app, tmp_path / "b"
    ines = village.client("ines")
    report = typed(app, "report", village.at.closed)
    typed(app, "backup", file)
    with app.app_context(), transaction():
        db.session.execute(update(Account).values(name="Somebody else"))
    assert "--replace" in typed(app, "restore", file, code=1)
    assert "Everyone has to sign in anew" in typed(app, "restore", file, "--replace")
    assert typed(app, "report", village.at.closed) == report
    with app.app_context():
        assert "Somebody else" not in set(db.session.scalars(select(Account.name)))
    assert ines.get("/desk/").status_code == 302
    assert village.client("ines").get("/desk/").status_code == 200
    assert list((tmp_path / "village").glob("common-ground.sqlite.before-*"))


def running(app: Flask) -> Stage:
    play = stage(app, at=clock.now(), closes_at=clock.now() + timedelta(days=11))
    play.launch()
    for invitation in play.invitations()[:6]:
        play.answer(invitation, YES, at=clock.now())
    return play


def test_a_wave_that_was_open_takes_no_answers_and_is_lost_after_a_day(
    app_on_each_database: Flask, tmp_path: Path
) -> None:
    """Within the same hour too, where no mark could tell: the backup holds none of its answers."""
    app, file = app_on_each_database, tmp_path / "b"
    with app.app_context():
        play = running(app)
        key = play.key
        token = next(iter(play.tokens().values()))
    typed(app, "backup", file)
    assert facts(app, "restore", file, "--replace")["lost"] == [key]
    assert app.test_client().get(f"/a/{token}").status_code == 503
    with app.app_context():
        here, at = play.here, clock.now()
        lost.watch_due(here.keys, at=at)
        assert play.wave.trouble == "backup restored"
        assert list(db.session.scalars(select(Dispatch.kind))) == ["seller-launched"]
        timetable.tick(here, at=at + timedelta(hours=25))
        db.session.expire_all()
        assert play.wave.state == "lost"
        told = set(db.session.scalars(select(Dispatch.to_address).where(Dispatch.kind == "wave-lost")))
        assert len(told) == 24
        assert "answers stopped" in set(db.session.scalars(select(Entry.event)))


@pytest.mark.parametrize("where", ["head", "middle", "end", "row", "other"])
def test_a_damaged_file_changes_nothing(app: Flask, tmp_path: Path, where: str) -> None:
    with app.app_context():
        stage(app)
    file = tmp_path / "b"
    typed(app, "backup", file)
    before, content = everything(app), file.read_bytes()
    lines = gzip.decompress(content).splitlines(keepends=True)
    file.write_bytes(
        {
            "head": b"x" + content[1:],
            "middle": content[: len(content) // 2] + b"\0" + content[len(content) // 2 + 1 :],
            "end": content[:-40],
            "row": gzip.compress(b"".join(lines[:5] + lines[6:])),
            "other": gzip.compress(b'{"format": "something else"}\n{}\n'),
        }[where]
    )
    assert "no backup, or was damaged" in typed(app, "restore", file, "--replace", code=1)
    assert everything(app) == before


def test_an_older_backup_goes_into_tables_of_its_time_and_is_brought_up_to_date(
    app: Flask, tmp_path: Path
) -> None:
    empty = _app(f"sqlite:///{tmp_path / 'empty' / 'x.sqlite'}", tmp_path / "empty")
    with app.app_context():
        stage(app)
        typed(app, "backup", tmp_path / "new")
    head, rows = paper.read(tmp_path / "new")
    with empty.app_context():
        older = _of_then(head)
    with (tmp_path / "old").open("wb") as file:
        paper.write(file, older, _rows_of_then(head, older, rows))
    assert "into an empty database" in typed(app, "restore", tmp_path / "old", "--replace", code=1)
    assert facts(empty, "restore", tmp_path / "old")["tables"] == THEN
    with empty.app_context():
        assert upgrade.is_current()
        assert db.session.scalars(select(Account.email)).all() == ["ines@hanse.example"]
    _closed(empty)


THEN = "0009"


def _of_then(head: paper.Head) -> paper.Head:
    """The head as that version wrote it; its tables are made on the way."""
    upgrade.move_to(THEN)
    known = MetaData()
    known.reflect(db.engine)
    tables = {
        name: {one: kind for one, kind in columns.items() if one in known.tables[name].columns}
        for name, columns in head.tables.items()
        if name in known.tables
    }
    return paper.Head(THEN, head.made_at, tables)


def _rows_of_then(head: paper.Head, older: paper.Head, rows: Iterator[paper.Row]) -> Iterator[paper.Row]:
    for name, values in rows:
        if name in older.tables:
            by_column = zip(head.tables[name], values, strict=True)
            yield name, [value for one, value in by_column if one in older.tables[name]]


def test_a_backup_of_a_newer_version_is_refused(app: Flask, tmp_path: Path) -> None:
    with (tmp_path / "b").open("wb") as file:
        paper.write(file, paper.Head("9999", "2030-01-01", {}), [])
    assert "9999" in typed(app, "restore", tmp_path / "b", code=1)


def test_a_backup_is_never_written_over_nor_among_keys(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "b"
    typed(app, "backup", file)
    kept = file.read_bytes()
    assert "already" in typed(app, "backup", file, code=1)
    assert file.read_bytes() == kept
    keys = app.extensions["installation"].keys.path
    assert "key directory" in typed(app, "backup", keys / "b", code=1)
    assert "could not be written" in typed(app, "backup", tmp_path / "no" / "such" / "folder", code=1)
    assert not list(tmp_path.glob("*.part"))


def test_a_backup_can_flow_into_a_program_that_encrypts(app: Flask, tmp_path: Path) -> None:
    done = app.test_cli_runner().invoke(args=["survey", "backup", "-"])
    (tmp_path / "b").write_bytes(done.stdout_bytes)
    assert paper.read(tmp_path / "b")[0].revision == "".join(_head(app))


def _head(app: Flask) -> list[str]:
    with app.app_context():
        return [str(upgrade.version())]


def test_what_is_written_meanwhile_is_not_in_it(app_on_each_database: Flask, tmp_path: Path) -> None:
    """One moment of all tables: a workspace without its owner would be none."""
    app = app_on_each_database
    file = tmp_path / "b"

    def disturb(connection: Connection, _cursor: object, said: str, *_more: object) -> None:
        if said.startswith("SELECT account."):
            with db.engine.begin() as other:
                late = {"key": "late", "name": "Late", "created_at": MONDAY}
                other.execute(Base.metadata.tables["workspace"].insert(), late)

    with app.app_context():
        stage(app)
        event.listen(db.engine, "after_cursor_execute", disturb)
        making.to_file(file, keys=tmp_path / "keys", at=MONDAY)
        assert db.session.scalar(select(func.count()).select_from(Workspace)) == 2
    assert len([name for name, _ in paper.read(file)[1] if name == "workspace"]) == 1


def test_every_column_has_a_kind() -> None:
    for table in Base.metadata.sorted_tables:
        assert set(paper.columns_of(table)) == {column.name for column in table.columns}


def test_numbers_of_sessions_only_rise(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        stage(app)
        making.to_file(tmp_path / "b", keys=tmp_path / "k", at=MONDAY)
        restoring.from_file(tmp_path / "b", replace=True, at=MONDAY)
        first = db.session.scalar(select(Account.session_epoch))
        restoring.from_file(tmp_path / "b", replace=True, at=MONDAY + timedelta(days=1))
        second = db.session.scalar(select(Account.session_epoch))
        assert first is not None
        assert second is not None
        assert second > first > 1
