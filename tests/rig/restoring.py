"""A copy of the tables as they are, and an installation on that copy: what restoring a backup comes to."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from sqlalchemy.engine import make_url

from rig import postgres
from survey_service.foundation.db import db


@contextlib.contextmanager
def backup(app: Flask, place: Path, server: str | None) -> Iterator[str]:
    """The address of a copy. ``place``: where an SQLite copy goes; ``server``: PostgreSQL's address."""
    url = make_url(str(app.config["SQLALCHEMY_DATABASE_URI"]))
    if url.get_backend_name() == "sqlite":
        target = place / "backup.sqlite"
        with contextlib.closing(sqlite3.connect(str(url.database))) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
        yield f"sqlite:///{target}"
        return
    assert server
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    with postgres.clone(server, str(url.database)) as address:
        yield address
