"""Statements made ready once and given to the driver as they are: for those that every answer takes.

SQLAlchemy's way from a statement to its rows takes several times as long as the database. Here the text for
each driver and the readers of columns are made when the program starts. What is written this way is a unit of
work of its own, in which nothing else is said: ``ready_transaction()``. Inside ``transaction()`` the same
statements take the usual way, in that transaction.
"""

import sqlite3
import threading
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, ClassVar, Protocol, cast

from sqlalchemy import Dialect, Engine, Executable, event
from sqlalchemy.dialects.postgresql import psycopg as server_dialect
from sqlalchemy.dialects.sqlite import pysqlite as sqlite_dialect
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.compiler import SQLCompiler

from survey_service.foundation.db import db, is_writing, join_queue, leave_queue, reading

Facts = Mapping[str, object]

SQLITE, SERVER = "sqlite", "postgresql"
DIALECTS: Mapping[str, Dialect] = {
    SQLITE: sqlite_dialect.dialect(paramstyle="named"),
    SERVER: server_dialect.dialect(),  # type: ignore[no-untyped-call]
}


class Ready:
    """A statement of SQLAlchemy's, with ``bindparam`` where facts go."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._on = cache(self._made_for)

    def rows(self, facts: Facts) -> Sequence[Any]:
        """What it finds, columns by name. Raises OperationalError."""
        unit = _unit.get()
        if unit is None and is_writing():
            return db.session.connection().execute(self._statement, facts).all()
        if unit is not None:
            made = self._on(unit.dialect)
            return made.read(unit.execute(made.text, {**made.constants, **facts}).fetchall())
        return self._asked(facts)

    def reach(self, facts: Facts) -> int:
        """How many rows it changed. Raises IntegrityError, OperationalError."""
        unit = _unit.get()
        if unit is None:
            return int(db.session.connection().execute(self._statement, facts).rowcount)
        made = self._on(unit.dialect)
        return int(unit.execute(made.text, {**made.constants, **facts}).rowcount)

    def _asked(self, facts: Facts) -> Sequence[Any]:
        """Asked by itself, outside of any transaction."""
        if db.engine.dialect.name == SQLITE:
            made = self._on(SQLITE)
            return made.read(_said(_own(db.engine), made.text, {**made.constants, **facts}).fetchall())
        with reading() as connection:
            return connection.execute(self._statement, facts).all()

    def _made_for(self, dialect: str) -> "_Made":
        compiled = self._statement.compile(dialect=DIALECTS[dialect])  # type: ignore[attr-defined]
        return _Made(compiled, DIALECTS[dialect])


class _Made:
    """What a driver is given, and how its rows are read."""

    def __init__(self, compiled: SQLCompiler, dialect: Dialect) -> None:
        self.text = str(compiled)
        self.constants = {name: bind.value for bind, name in compiled.bind_names.items() if not bind.required}
        columns = getattr(compiled.statement, "selected_columns", None) or {}
        # The names are the question's own, which mypy cannot read.
        self._row: Any = namedtuple("Row", columns.keys())  # type: ignore[misc]
        readers = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns.values()
        ]
        self._readers = [(place, reader) for place, reader in enumerate(readers) if reader is not None]

    def read(self, rows: Sequence[Sequence[Any]]) -> Sequence[Any]:
        """The driver's rows as ours."""
        return [self._row._make(self._read(row)) for row in rows]

    def _read(self, row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for place, reader in self._readers:
            values[place] = reader(values[place])
        return values


class Cursor(Protocol):
    """What both drivers answer with."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""

    def fetchall(self) -> list[Any]:
        """All rows found."""


class Unit(Protocol):
    """A unit of work on a driver's connection."""

    dialect: ClassVar[str]

    def begin(self) -> None:
        """Raises OperationalError."""

    def execute(self, text: str, facts: Facts) -> Cursor:
        """Raises IntegrityError, OperationalError."""

    def commit(self) -> None:
        """Raises OperationalError."""

    def let_go(self) -> None:
        """Whatever is not committed by now never was; the connection is free again."""


class FileUnit:
    """On SQLite: this thread's own connection, and its place in the queue of writers."""

    dialect: ClassVar[str] = SQLITE

    def __init__(self, engine: Engine) -> None:
        self._driver, self._database = _own(engine), engine.url.database

    def begin(self) -> None:
        """Wait for one's turn."""
        join_queue(self._database)
        _said(self._driver, "BEGIN IMMEDIATE")

    def execute(self, text: str, facts: Facts) -> Cursor:
        """As Unit has it."""
        return _said(self._driver, text, facts)

    def commit(self) -> None:
        """Written through to the disk."""
        _said(self._driver, "COMMIT")

    def let_go(self) -> None:
        """Out of the queue."""
        try:
            if self._driver.in_transaction:
                _said(self._driver, "ROLLBACK")
        finally:
            leave_queue()


class ServerUnit:
    """On PostgreSQL: a connection of the pool's."""

    dialect: ClassVar[str] = SERVER

    def __init__(self, engine: Engine) -> None:
        self._lent, self._faults = engine.raw_connection(), engine.dialect.loaded_dbapi

    def begin(self) -> None:
        """The driver begins with the first statement."""

    def execute(self, text: str, facts: Facts) -> Cursor:
        """As Unit has it. A connection that broke is not lent again."""
        with self._named(text):
            cursor: Any = self._lent.cursor()
            cursor.execute(text, facts)
            return cast("Cursor", cursor)

    def commit(self) -> None:
        """Written through to the disk."""
        with self._named("COMMIT"):
            self._lent.commit()

    @contextmanager
    def _named(self, text: str) -> Iterator[None]:
        """The driver's faults by SQLAlchemy's names, which whoever catches them knows."""
        try:
            yield
        except self._faults.IntegrityError as fault:
            raise IntegrityError(text, None, fault) from fault
        except self._faults.OperationalError as fault:
            self._lent.invalidate(fault)
            raise OperationalError(text, None, fault) from fault

    def let_go(self) -> None:
        """The pool rolls back."""
        self._lent.close()


UNITS: Mapping[str, Callable[[Engine], Unit]] = {SQLITE: FileUnit, SERVER: ServerUnit}
_unit: ContextVar[Unit | None] = ContextVar("unit", default=None)


@contextmanager
def ready_transaction() -> Iterator[None]:
    """One unit of work of ready statements alone; commits at the end, and not at all on any error.

    Doors own it, as they own ``transaction()``, and never inside that. What was read before is read again.
    Raises OperationalError.
    """
    if is_writing():
        raise RuntimeError("a ready transaction cannot stand inside another")
    if db.session.registry.has():
        db.session.commit()
    unit = UNITS[db.engine.dialect.name](db.engine)
    mark = _unit.set(unit)
    try:
        unit.begin()
        yield
        unit.commit()
    finally:
        _unit.reset(mark)
        unit.let_go()


class _Owned:
    """A connection that is closed when its thread ends."""

    def __init__(self, lent: PoolProxiedConnection) -> None:
        self.driver: sqlite3.Connection = lent.driver_connection  # type: ignore[assignment]
        lent.detach()

    def __del__(self) -> None:
        self.driver.close()


_here = threading.local()


def _own(engine: Engine) -> sqlite3.Connection:
    """This thread's own connection: a pool takes longer to lend one than SQLite to answer."""
    if getattr(_here, "pool", None) is not engine.pool:  # an engine that was disposed of has a new one
        _here.owned, _here.pool = _Owned(engine.raw_connection()), engine.pool
    driver: sqlite3.Connection = _here.owned.driver
    return driver


@event.listens_for(Engine, "engine_disposed")
def _let_go(_engine: Engine) -> None:
    """Close this thread's own connection with the others."""
    _here.__dict__.clear()


def _said(driver: sqlite3.Connection, text: str, facts: Facts = {}) -> sqlite3.Cursor:  # noqa: B006 - never changed
    try:
        return driver.execute(text, facts)
    except sqlite3.IntegrityError as fault:
        raise IntegrityError(text, None, fault) from fault
    except sqlite3.OperationalError as fault:
        raise OperationalError(text, None, fault) from fault
