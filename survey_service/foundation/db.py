"""The database: one base for all records, moments in UTC, and one owner of the commit."""

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_MILLISECONDS = 20_000
#: How often the first writer of a process asks whether those of the others have written.
ASK_SECONDS = 0.001

#: What the connections of this thread are for; outside of both blocks below nothing says.
_writing: ContextVar[bool] = ContextVar("writing", default=False)
_asking: ContextVar[bool] = ContextVar("asking", default=False)
#: The open file that holds this thread's place in the queue of SQLite's writers.
_place: ContextVar[int | None] = ContextVar("place", default=None)
_first_of_process = threading.Lock()


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """What every record derives from."""

    metadata = MetaData(naming_convention=NAMING)


# flask-sqlalchemy's own model class is not used: with dataclass bases it raises on SQLAlchemy 2.1.
db = SQLAlchemy(metadata=Base.metadata)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; refuses one without a zone (SQLite would drop it silently)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@contextmanager
def transaction() -> Iterator[None]:
    """One unit of work: commits at the end, rolls back on any error. Doors and the scheduler own it.

    What was read before is read again inside, under the write lock on SQLite: nobody acts on stale facts.
    """
    db.session.commit()
    mark, has_place = _writing.set(True), _place.get() is not None
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        if not has_place:
            leave_queue()
        _writing.reset(mark)


@contextmanager
def in_queue(database: str | None) -> Iterator[None]:
    """A place in the queue of that file's writers, for a change that commits by itself; None: no file."""
    has_place = _place.get() is not None
    join_queue(database)
    try:
        yield
    finally:
        if not has_place:
            leave_queue()


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection to ask one question on, without a transaction around it and without a session.

    Inside ``transaction()`` it is the transaction's own, so that nobody overlooks what was just written.
    """
    if _writing.get():
        yield db.session.connection()
        return
    mark = _asking.set(True)
    try:
        with db.engine.connect() as connection:
            if connection.dialect.name != "sqlite":
                connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection
    finally:
        _asking.reset(mark)


def is_writing() -> bool:
    """Whether this thread is inside ``transaction()``."""
    return _writing.get()


@event.listens_for(Engine, "connect")
def _prepare(connection: object, _record: object) -> None:
    """WAL, enforced foreign keys, deleted rows overwritten; transactions are begun by _begin alone."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Writers queue from their first statement; a deferred upgrade would be locked out under load."""
    if connection.dialect.name != "sqlite" or _asking.get():
        return
    if _writing.get():
        join_queue(connection.engine.url.database)
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


def join_queue(database: str | None) -> None:
    """Wait for one's turn to write; a crash lets go of the place. Raises OperationalError after a while.

    SQLite itself lets writers sleep ever longer and try again: of eight, the unluckiest waited 1.5 s. Here
    the threads of a process queue for one lock, and only the first of each asks the other processes.
    """
    if not database or _place.get() is not None:
        return
    until = time.monotonic() + BUSY_MILLISECONDS / 1000
    if not _first_of_process.acquire(timeout=BUSY_MILLISECONDS / 1000):
        raise _too_long()
    place = os.open(f"{database}-queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    while not _is_taken(place):
        if time.monotonic() > until:
            os.close(place)
            _first_of_process.release()
            raise _too_long()
        time.sleep(ASK_SECONDS)
    _place.set(place)


def _is_taken(place: int) -> bool:
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _too_long() -> OperationalError:
    return OperationalError("BEGIN IMMEDIATE", None, TimeoutError("another writer does not let go"))


def leave_queue() -> None:
    """Let the next writer in; without a place nothing happens."""
    place = _place.get()
    if place is not None:
        os.close(place)
        _place.set(None)
        _first_of_process.release()
