"""The database: one base for all records, moments in UTC, and one owner of the commit."""

import fcntl
import os
import sqlite3
import threading
import time
from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, Select, event
from sqlalchemy.dialects.sqlite import pysqlite as sqlite_dialect
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
#: This thread's connection for ready questions, and whose it is.
_own = threading.local()


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
            _leave_queue()
        _writing.reset(mark)


@contextmanager
def in_queue(database: str | None) -> Iterator[None]:
    """A place in the queue of that file's writers, for a change that commits by itself; None: no file."""
    has_place = _place.get() is not None
    _join_queue(database)
    try:
        yield
    finally:
        if not has_place:
            _leave_queue()


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


class ReadyQuestion:
    """A question that is asked for every page.

    SQLite is asked through the driver, with the text and the readers of columns made once: SQLAlchemy's way
    from question to row takes three times as long as the answer. A server's connections may be lost and are
    mended by SQLAlchemy, so there the way is the usual one.
    """

    def __init__(self, question: Select[Any]) -> None:
        self._question = question
        # The names are the question's own, which mypy cannot read.
        self._row: Any = namedtuple("Row", question.selected_columns.keys())  # type: ignore[misc]
        dialect = sqlite_dialect.dialect(paramstyle="named")
        self._text = str(question.compile(dialect=dialect))
        readers = [
            column.type.dialect_impl(dialect).result_processor(dialect, None)
            for column in question.selected_columns
        ]
        self._readers = [(place, reader) for place, reader in enumerate(readers) if reader is not None]

    def ask(self, facts: Mapping[str, object]) -> Sequence[Any]:
        """The rows, their columns by name. Raises OperationalError."""
        if _writing.get() or db.engine.dialect.name != "sqlite":
            with reading() as connection:
                return connection.execute(self._question, facts).all()
        try:
            rows = _straight(db.engine).execute(self._text, facts).fetchall()
        except sqlite3.OperationalError as fault:
            raise OperationalError(self._text, None, fault) from fault
        return [self._row._make(self._read(row)) for row in rows]

    def _read(self, row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for place, reader in self._readers:
            values[place] = reader(values[place])
        return values


def _straight(engine: Engine) -> sqlite3.Connection:
    """This thread's own connection to ask on: a pool takes longer to hand one out than SQLite to answer."""
    if getattr(_own, "engine", None) is not engine:
        lent = engine.raw_connection()
        lent.detach()
        _own.engine, _own.connection = engine, lent.dbapi_connection
    connection: sqlite3.Connection = _own.connection
    return connection


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
        _join_queue(connection.engine.url.database)
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


def _join_queue(database: str | None) -> None:
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


def _leave_queue() -> None:
    place = _place.get()
    if place is not None:
        os.close(place)
        _place.set(None)
        _first_of_process.release()
