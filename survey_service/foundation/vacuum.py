"""Cleaning the pages deleted rows lay on, so that copies of the files hold none of them."""

import logging
from collections.abc import Iterable

from sqlalchemy import text

from survey_service.foundation.db import db

log = logging.getLogger(__name__)


def vacuum(tables: Iterable[str]) -> None:
    """SQLite: empty the log, rebuild the file, empty the log again. PostgreSQL: VACUUM the tables.

    Runs outside any transaction. Readers of the moment may keep SQLite's log from being emptied: logged,
    and the next closing or checkpoint empties it.
    """
    db.session.commit()
    if db.engine.dialect.name == "sqlite":
        _vacuum_sqlite()
    else:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in tables:
                connection.execute(text(f'VACUUM "{table}"'))


def _vacuum_sqlite() -> None:
    raw = db.engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("VACUUM")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            log.warning("the write-ahead log is in use and will be emptied later")
    finally:
        raw.close()
