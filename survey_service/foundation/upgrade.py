"""Bringing the tables up to date."""

from datetime import datetime
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import downgrade
from flask_migrate import upgrade as migrate

from survey_service.foundation.clock import now
from survey_service.foundation.db import db

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"


def is_current() -> bool:
    """Whether the tables are those of this version."""
    return version() == _head()


def upgrade() -> None:
    """Migrate to this version; an SQLite file with tables in it is copied first, beside itself."""
    if version() is not None:
        copy_aside(now())
    migrate(directory=str(MIGRATIONS))


def version() -> str | None:
    """The revision of the tables as they are; None where there are none."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _head() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def knows(revision: str) -> bool:
    """Whether this version has a way to that revision."""
    return revision in _revisions()


def move_to(revision: str | None) -> None:
    """Forward or back to a revision this version knows; None: its newest. Going back loses what is newer."""
    wanted, present = revision or _head(), version()
    if wanted == present or wanted is None:
        return
    newest_first = _revisions()
    is_back = present is not None and newest_first.index(wanted) > newest_first.index(present)
    (downgrade if is_back else migrate)(directory=str(MIGRATIONS), revision=wanted)


def _revisions() -> list[str]:
    return [one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]


def copy_aside(at: datetime) -> None:
    """SQLite: a copy beside the file, to return to; the next close removes it. PostgreSQL: the operator's."""
    if db.engine.dialect.name != "sqlite":
        return
    source = Path(str(db.engine.url.database))
    target = source.with_name(f"{source.name}.before-{at:%Y%m%dT%H%M%S}")
    raw = db.engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(target),))
    finally:
        raw.close()
    current_app.logger.warning("copied the database to %s before changing it", target.name)
