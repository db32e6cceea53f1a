"""Cleaning the pages deleted rows lay on, so that copies of the files hold none of them, nor their order."""

import logging
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import text

from survey_service.foundation.db import db

log = logging.getLogger(__name__)

#: PostgreSQL gives up when a table is held longer than this by somebody else; the next tick tries again.
PATIENCE = "10s"


def vacuum(tables: Iterable[str]) -> bool:
    """Write the tables anew, without what was deleted, in the order of their keys. Outside any transaction.

    SQLite: the whole file is rebuilt and its log emptied. PostgreSQL: CLUSTER, because VACUUM would leave
    rows in the order they were last changed (that of arrival) and old bytes between them. False where a
    reader kept SQLite's log from being emptied: to be tried again.
    """
    db.session.commit()
    if db.engine.dialect.name == "sqlite":
        return _vacuum_sqlite()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SET lock_timeout = '{PATIENCE}'"))
        for table in tables:
            connection.execute(text(f'CLUSTER "{table}" USING "pk_{table}"'))
            connection.execute(text(f'ANALYZE "{table}"'))
        connection.execute(text("RESET lock_timeout"))
    return True


def _vacuum_sqlite() -> bool:
    raw = db.engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("VACUUM")
        is_busy = bool(cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
        if is_busy:
            log.warning("the write-ahead log is being read; it is emptied at the next turn")
        _drop_copies()
        return not is_busy
    finally:
        raw.close()


def _drop_copies() -> None:
    """Copies made before an upgrade (upgrade.py) hold what has just been deleted here."""
    file = Path(str(db.engine.url.database))
    for copy in file.parent.glob(f"{file.name}.before-*"):
        copy.unlink()
        log.warning("removed %s: it held answers of a wave that is over", copy.name)
