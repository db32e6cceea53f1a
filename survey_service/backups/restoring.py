"""Putting a backup back: into tables of its own version, in one transaction, then up to this version."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, Table, TableClause, column, func, select, table, text

from survey_service.backups import leaving, paper
from survey_service.backups.paper import Head, Row
from survey_service.foundation import upgrade
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.waves import lost

BATCH = 500
#: Sessions are counted from here when tables are put back: later than any that was ever begun or ended.
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


class NotEmpty(Refusal):
    """Something would be lost."""

    sentence = _l(
        "This installation holds data. With --replace all of it is deleted and the backup put in its place."
    )


class OfNewerVersion(Refusal):
    """Tables this version does not know."""

    sentence = _l(
        "The backup is of a version this one does not know (tables %(revision)s). Install that one first."
    )


class ReplacesOtherTables(Refusal):
    """Rows of one version cannot be swapped for those of another at a stroke."""

    sentence = _l(
        "The backup is of an older version (tables %(revision)s), and this installation holds data. "
        "Restore it into an empty database; it is brought up to date there."
    )


@dataclass(frozen=True)
class Restored:
    """What was put back. ``lost``: keys of engagements whose wave was open and cannot go on."""

    made_at: str
    revision: str
    rows: int
    lost: tuple[str, ...]


def from_file(path: Path, *, replace: bool, at: datetime) -> Restored:
    """Put the backup in place of what is here; nothing is changed unless all of it can be.

    Raises NoBackup, OfNewerVersion, NotEmpty, ReplacesOtherTables.
    """
    head, rows = paper.read(path)
    if not upgrade.knows(head.revision):
        raise OfNewerVersion(revision=head.revision)
    if _holds_data():
        if not replace:
            raise NotEmpty
        if upgrade.version() != head.revision:
            raise ReplacesOtherTables(revision=head.revision)
        upgrade.copy_aside(at)
    upgrade.move_to(head.revision)
    tables = _tables()
    with transaction():
        for one in reversed(tables):
            db.session.execute(one.delete())
        count = _fill(head, rows, at)
    upgrade.move_to(None)
    with transaction():
        lost_ones = lost.after_restoring(at=at)
    return Restored(head.made_at, head.revision, count, lost_ones)


def _holds_data() -> bool:
    """Whether any table has a row in it; the migrations' own and the clock's aside."""
    with db.engine.connect() as connection:
        return any(
            connection.execute(select(text("1")).select_from(one).limit(1)).first()
            for one in _tables()
            if one.name != "turn"
        )


def _tables() -> list[Table]:
    """The tables as they are, of whatever version; who is referred to comes first."""
    found = MetaData()
    found.reflect(db.engine)
    return [one for one in found.sorted_tables if one.name != "alembic_version"]


def _fill(head: Head, rows: Iterable[Row], at: datetime) -> int:
    count = 0
    for name, group in groupby(rows, key=lambda row: row[0]):
        if name in leaving.TABLES:
            continue
        target = _table(name, head.tables[name])
        for some in _batches(values for _, values in group):
            filled = [_made_safe(name, dict(zip(head.tables[name], one, strict=True)), at) for one in some]
            db.session.execute(target.insert(), filled)
            count += len(filled)
        _set_sequence(target)
    return count


def _batches(rows: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    while some := list(islice(rows, BATCH)):
        yield some


def _table(name: str, columns: Mapping[str, str]) -> TableClause:
    return table(name, *(column(one, paper.KINDS[kind].type) for one, kind in columns.items()))


def _made_safe(name: str, row: dict[str, Any], at: datetime) -> dict[str, Any]:
    """What no backup holds comes in by none, a forged one either: a wave's mark would let it go on.

    And sessions that were ended after the backup was made must not come back to life.
    """
    row |= {one: value for (owner, one), value in leaving.COLUMNS.items() if owner == name and one in row}
    if "session_epoch" in row:
        row["session_epoch"] = max(row["session_epoch"], int((at - BEGINNING).total_seconds()))
    return row


def _set_sequence(target: TableClause) -> None:
    """PostgreSQL numbers on after the highest number that came in; SQLite does so by itself."""
    if db.engine.dialect.name != "postgresql" or "id" not in target.c:
        return
    sequence = func.pg_get_serial_sequence(target.name, "id")
    highest = select(func.max(target.c.id)).scalar_subquery()
    named = db.session.scalar(select(sequence))
    if named:
        db.session.execute(select(func.setval(sequence, highest)))
