"""Cleaning the pages deleted rows lay on, so that copies of the files hold none of them, nor their order."""

import logging
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text
from sqlalchemy.engine.interfaces import DBAPICursor

from survey_service.foundation.db import BUSY_MILLISECONDS, db

if TYPE_CHECKING:  # 9 MB, which every process on SQLite would load for nothing
    import psycopg

log = logging.getLogger(__name__)

#: PostgreSQL gives up when a table, or what was deleted in one, is held longer than this by somebody else;
#: the next tick tries again. A long transaction of another database on the same server holds it too.
PATIENCE_SECONDS, PAUSE_SECONDS = 10.0, 0.2


#: How long SQLite's cleaning waits for readers of an older state; writers wait with it.
READERS_MILLISECONDS = 2_000


def vacuum(tables: Iterable[str]) -> bool:
    """Write the tables anew, without what was deleted, in the order of their keys. Outside any transaction.

    SQLite: the whole file is rebuilt and its log emptied. PostgreSQL: CLUSTER, because VACUUM would leave
    rows in the order they were last changed (that of arrival) and old bytes between them. False where a
    reader kept SQLite's log from being emptied, or PostgreSQL from letting go of deleted rows (a running
    dump may do both): to be tried again.
    """
    db.session.commit()
    if db.engine.dialect.name == "sqlite":
        return _vacuum_sqlite()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SET lock_timeout = '{PATIENCE_SECONDS}s'"))
        until = time.monotonic() + PATIENCE_SECONDS
        is_clean = [_write_anew(connection, table, until) for table in tables]
        connection.execute(text("RESET lock_timeout"))
    if not all(is_clean):
        log.warning("a long transaction may still see what was deleted; it is cleaned at the next turn")
    return all(is_clean)


def vacuum_what_is_owed(tables: Iterable[str], delete: Callable[[], int], *, mark: Path) -> int:
    """Run ``delete`` and clean after it; where it is killed, or may not be cleaned yet, the next run cleans.

    Returns what ``delete`` says: how many things it deleted. ``mark`` is a file that lies there meanwhile.
    """
    was_owed = mark.exists()
    mark.touch(mode=0o600)
    gone = delete()
    if not (gone or was_owed) or vacuum(tables):
        mark.unlink()
    return gone


def _write_anew(connection: Connection, table: str, until: float) -> bool:
    """CLUSTER keeps deleted rows that some open transaction may still see; it is asked again for a while."""
    while _cluster(connection, table):
        if time.monotonic() > until:
            return False
        time.sleep(PAUSE_SECONDS)
    connection.execute(text(f'ANALYZE "{table}"'))
    return True


def _cluster(connection: Connection, table: str) -> int:
    """How many deleted rows were carried over: the first number of the detail CLUSTER gives."""
    said: list[str] = []

    def note(notice: "psycopg.errors.Diagnostic") -> None:
        said.append(notice.message_detail or "")

    raw: psycopg.Connection[Any] | None = connection.connection.driver_connection
    assert raw is not None
    raw.add_notice_handler(note)
    try:
        connection.execute(text(f'CLUSTER (VERBOSE) "{table}" USING "pk_{table}"'))
    finally:
        raw.remove_notice_handler(note)
    return max((int(found[0]) for detail in said if (found := re.search(r"\d+", detail))), default=0)


def _vacuum_sqlite() -> bool:
    raw = db.engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout={READERS_MILLISECONDS}")
        is_done = _is_log_empty(cursor) and _is_rebuilt(cursor)
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    finally:
        raw.close()
    if not is_done:
        log.warning("the write-ahead log is being read; it is emptied at the next turn")
    _drop_copies()
    return is_done


def _is_rebuilt(cursor: DBAPICursor) -> bool:
    cursor.execute("VACUUM")
    return _is_log_empty(cursor)


def _is_log_empty(cursor: DBAPICursor) -> bool:
    """Copy the log into the file and cut it to nothing; not while a reader still needs it."""
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    row = cursor.fetchone()
    return bool(row is not None and row[0] == 0)


def _drop_copies() -> None:
    """Copies made before an upgrade (upgrade.py) hold what has just been deleted here."""
    file = Path(str(db.engine.url.database))
    for copy in file.parent.glob(f"{file.name}.before-*"):
        copy.unlink()
        log.warning("removed %s: it held answers of a wave that is over", copy.name)
