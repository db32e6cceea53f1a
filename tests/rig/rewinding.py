"""Tables and keys taken back to a moment, and processes killed on the way from it."""

import contextlib
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url

from survey_service.foundation import ready
from survey_service.foundation.db import db
from survey_service.foundation.key_directory import KeyDirectory


class Moment:
    """What an installation holds now, to return to at will. ``server``: PostgreSQL's address."""

    def __init__(self, app: Flask, place: Path, server: str | None, name: str = "then") -> None:
        self._app, self.place, self.server = app, place, server
        url = make_url(str(app.config["SQLALCHEMY_DATABASE_URI"]))
        self._is_sqlite, self._name = url.get_backend_name() == "sqlite", str(url.database)
        self._keys: Path = app.extensions["installation"].keys.path
        self._copy = f"{self._name}_{name}"
        let_go(app)
        shutil.copytree(self._keys, place / "keys")
        if self._is_sqlite:
            with contextlib.closing(sqlite3.connect(self._name)) as connection:
                connection.execute("VACUUM INTO ?", (str(place / "copy.sqlite"),))
        else:
            self._command(f'CREATE DATABASE "{self._copy}" TEMPLATE "{self._name}"')

    def restore(self) -> None:
        """Back to the moment."""
        let_go(self._app)
        shutil.rmtree(self._keys, ignore_errors=True)
        shutil.copytree(self.place / "keys", self._keys)
        if self._is_sqlite:
            for ending in ("-wal", "-shm"):
                Path(self._name + ending).unlink(missing_ok=True)
            shutil.copy(self.place / "copy.sqlite", self._name)
        else:
            self._command(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')
            self._command(f'CREATE DATABASE "{self._name}" TEMPLATE "{self._copy}"')

    def forget(self) -> None:
        """Drop the copy."""
        if not self._is_sqlite:
            self._command(f'DROP DATABASE IF EXISTS "{self._copy}" WITH (FORCE)')

    def _command(self, words: str) -> None:
        assert self.server
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(words.encode())


def let_go(app: Flask) -> None:
    """Close every connection."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def lives(app: Flask, point: int, work: Callable[[], object]) -> bool:
    """Do the work in a process of its own that is killed (SIGKILL) at the point; whether it came to its end.

    Points are: before each statement, before each commit, before and after each key that is destroyed.
    """
    let_go(app)
    child = os.fork()
    if child == 0:
        code = 3
        try:
            with app.app_context():
                _arm(point)
                work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.WEXITSTATUS(status) == 0
    return True


def _arm(point: int) -> None:
    left = point

    def reach(*_facts: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", reach)
    event.listen(Engine, "commit", reach)
    for unit in ready.UNITS.values():
        for name in ("begin", "execute", "commit"):
            setattr(unit, name, _reaching(getattr(unit, name), reach))
    destroy = KeyDirectory.destroy

    def destroy_and_reach(keys: KeyDirectory, name: str) -> None:
        reach()
        destroy(keys, name)
        reach()

    setattr(KeyDirectory, "destroy", destroy_and_reach)  # noqa: B010 - this process is about to die


def _reaching(way: Callable[..., object], reach: Callable[[], None]) -> Callable[..., object]:
    def reached(*facts: object) -> object:
        reach()
        return way(*facts)

    return reached
