"""Making a backup: one moment of all tables, whatever is written meanwhile."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Table

from survey_service.backups import leaving, paper
from survey_service.backups.paper import Head, Row
from survey_service.foundation import upgrade
from survey_service.foundation.db import Base, db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l

BATCH = 500


class FileThere(Refusal):
    """Nothing is written over."""

    sentence = _l("%(file)s is there already. Give another name; a backup is never written over.")


class AmongKeys(Refusal):
    """Keys and data would lie together."""

    sentence = _l(
        "%(file)s lies in the key directory. Keys and data must not lie together: choose another place."
    )


class TablesOfAnotherVersion(Refusal):
    """Not what this version's models describe."""

    sentence = _l(
        "The tables are not those of this version. Back up with the version that made them, "
        "or bring them up to date first: flask survey migrate"
    )


def to_file(target: Path, *, keys: Path, at: datetime) -> int:
    """Write a backup that only its owner may read (mode 0600), whole or not at all; how many rows.

    Raises FileThere, AmongKeys, TablesOfAnotherVersion, OSError.
    """
    if target.resolve().is_relative_to(keys.resolve()):
        raise AmongKeys(file=target)
    if target.exists():
        raise FileThere(file=target)
    draft = target.with_name(f"{target.name}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            count = to_stream(file, at=at)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except FileExistsError as fault:
        raise FileThere(file=draft) from fault
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return count


def to_stream(file: IO[bytes], *, at: datetime) -> int:
    """The same to an open stream, for instance into a program that encrypts."""
    revision = upgrade.version()
    if revision is None or not upgrade.is_current():
        raise TablesOfAnotherVersion
    tables = [one for one in Base.metadata.sorted_tables if one.name not in leaving.TABLES]
    head = Head(revision, at.isoformat(), {one.name: paper.columns_of(one) for one in tables})
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        # SQLite: a reader of its write-ahead log sees the moment of its first statement until it ends.
        return paper.write(file, head, _rows(connection, tables))


def _rows(connection: Connection, tables: list[Table]) -> Iterator[Row]:
    for table in tables:
        found = connection.execution_options(yield_per=BATCH).execute(leaving.rows_of(table))
        for row in found.mappings():
            yield table.name, leaving.blanked(table.name, {column.name: row[column] for column in table.c})
