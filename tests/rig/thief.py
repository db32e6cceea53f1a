"""A thief of database files, write-ahead logs and dumps, never of the key directory."""

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import make_url

from survey_service.foundation.db import Base, db


class Thief:
    """Reads one installation's database from outside."""

    def __init__(self, app: Flask, run: Path) -> None:
        self._app = app
        url = make_url(str(app.config["SQLALCHEMY_DATABASE_URI"]))
        self.is_sqlite, self._name = url.get_backend_name() == "sqlite", str(url.database)
        told = run / "server.json"
        self._server = json.loads(told.read_text()) if told.exists() else {}

    def files(self) -> Mapping[str, bytes]:
        """Every byte of the database's files and of the data directory, without the keys.

        Empty for a PostgreSQL server that was given to the tests: its files are elsewhere.
        """
        kept = {str(path): path.read_bytes() for path in self._own_files()}
        if not self.is_sqlite and "data" in self._server:
            kept |= {str(path): path.read_bytes() for path in self._server_files()}
        return kept

    def log(self) -> Mapping[str, bytes]:
        """PostgreSQL's write-ahead log."""
        if self.is_sqlite or "data" not in self._server:
            return {}
        segments = (Path(self._server["data"]) / "pg_wal").iterdir()
        return {str(path): path.read_bytes() for path in segments if path.is_file()}

    def where(self, content: bytes) -> list[str]:
        """The files, logs and dumped rows that hold the bytes."""
        everywhere = {**self.files(), **self.log(), "dump": self.dump().encode()}
        return [name for name, kept in everywhere.items() if content in kept]

    def dump(self) -> str:
        """Every row of every table, as text."""
        rows = []
        for table in Base.metadata.sorted_tables:
            rows += [f"{table.name} {tuple(row)!r}" for row in db.session.execute(table.select())]
        db.session.commit()
        return "\n".join(rows)

    def order(self, table: str, column: str) -> list[object]:
        """A column's values in the order rows lie in the file."""
        by = "NOT INDEXED" if self.is_sqlite else "ORDER BY ctid"
        found = list(db.session.scalars(text(f'SELECT "{column}" FROM "{table}" {by}')))
        db.session.commit()
        return found

    def written(self, table: str, column: str) -> list[object]:
        """PostgreSQL: a column's values in the order rows were last written, oldest first."""
        found = list(db.session.scalars(text(f'SELECT "{column}" FROM "{table}" ORDER BY age(xmin) DESC')))
        db.session.commit()
        return found

    def versions(self, table: str) -> set[object]:
        """PostgreSQL: the transactions rows were last written by."""
        found = set(db.session.scalars(text(f'SELECT xmin::text FROM "{table}"')))
        db.session.commit()
        return found

    def _own_files(self) -> Iterator[Path]:
        settings = self._app.extensions["installation"].settings
        for path in Path(settings.data_dir).rglob("*"):
            if path.is_file() and Path(settings.key_dir) not in path.parents:
                yield path

    def _server_files(self) -> Iterator[Path]:
        db.session.execute(text("CHECKPOINT"))
        oid = db.session.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
        db.session.commit()
        yield from (path for path in (Path(self._server["data"]) / "base" / str(oid)).iterdir())


def free_pages(file: Path) -> int:
    """Pages of an SQLite file that hold nothing any more."""
    with contextlib.closing(sqlite3.connect(os.fspath(file))) as connection:
        return int(connection.execute("PRAGMA freelist_count").fetchone()[0])
