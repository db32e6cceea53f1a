"""Bringing the tables up to date."""

from datetime import datetime
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade as migrate

from survey_service.foundation.clock import now
from survey_service.foundation.db import db

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"


def is_current() -> bool:
    """Whether the tables are those of this version."""
    return _version() == _head()


def upgrade() -> None:
    """Migrate to this version; an SQLite file with tables in it is copied first, beside itself."""
    if db.engine.dialect.name == "sqlite" and _version() is not None:
        _copy(now())
    migrate(directory=str(MIGRATIONS))


def _version() -> str | None:
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _head() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _copy(at: datetime) -> None:
    """DDL cannot be rolled back on SQLite, so a failed migration must leave something to return to."""
    source = Path(str(db.engine.url.database))
    target = source.with_name(f"{source.name}.before-{at:%Y%m%dT%H%M%S}")
    raw = db.engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(target),))
    finally:
        raw.close()
    current_app.logger.warning("copied the database to %s before changing its tables", target.name)
