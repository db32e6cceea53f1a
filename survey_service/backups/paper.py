"""The form of a backup: gzip, one JSON value a line; what it is, then every row, then a count and a checksum.

The first line tells the type of every column, so that a later version can read it without this one's models,
and a backup of SQLite goes into PostgreSQL and the other way.
"""

import gzip
import hashlib
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import JSON, Boolean, Date, Integer, LargeBinary, String, Table
from sqlalchemy.types import TypeEngine

from survey_service.foundation.db import Moment
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l

FORMAT: Final = "common-ground backup 1"

Row = tuple[str, list[Any]]


class NoBackup(Refusal):
    """Another kind of file, or one that was cut or changed."""

    sentence = _l("%(file)s is no backup, or was damaged: its checksum does not fit. Nothing was changed.")


@dataclass(frozen=True)
class Head:
    """What a backup says of itself. ``tables``: name -> column -> kind; who is referred to comes first."""

    revision: str
    made_at: str
    tables: Mapping[str, Mapping[str, str]]

    @property
    def as_json(self) -> dict[str, Any]:
        """The first line."""
        return {
            "format": FORMAT,
            "revision": self.revision,
            "made_at": self.made_at,
            "tables": {name: dict(columns) for name, columns in self.tables.items()},
        }


@dataclass(frozen=True)
class Kind:
    """How a type of column is written as JSON and read again; NULL is null."""

    type: TypeEngine[Any]
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _same(value: object) -> object:
    return value


KINDS: Final[Mapping[str, Kind]] = {
    "moment": Kind(Moment(), datetime.isoformat, datetime.fromisoformat),
    "date": Kind(Date(), date.isoformat, date.fromisoformat),
    "bytes": Kind(LargeBinary(), lambda value: b64encode(value).decode(), b64decode),
    "json": Kind(JSON(none_as_null=True), _same, _same),
    "yes or no": Kind(Boolean(), _same, _same),
    "number": Kind(Integer(), _same, _same),
    "text": Kind(String(), _same, _same),
}


def columns_of(table: Table) -> dict[str, str]:
    """Column -> kind. Raises StopIteration for a type no kind is for."""
    return {column.name: _kind_of(column.type) for column in table.columns}


def _kind_of(wanted: TypeEngine[Any]) -> str:
    return next(name for name, kind in KINDS.items() if isinstance(wanted, type(kind.type)))


def write(file: IO[bytes], head: Head, rows: Iterable[Row]) -> int:
    """Write all of it, compressed; how many rows. The same rows give the same bytes."""
    total, count = hashlib.sha256(), 0
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:

        def put(value: object) -> None:
            line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            total.update(line)
            packed.write(line)

        put(head.as_json)
        for table, values in rows:
            kinds = head.tables[table].values()
            put([table, [_written(value, kind) for value, kind in zip(values, kinds, strict=True)]])
            count += 1
        put({"rows": count, "sha256": total.hexdigest()})
    return count


def _written(value: object, kind: str) -> object:
    return None if value is None else KINDS[kind].write(value)


def read(path: Path) -> tuple[Head, Iterator[Row]]:
    """The head, and the rows one by one. Holds the whole file against its checksum first. Raises NoBackup."""
    try:
        head = _checked(path)
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise NoBackup(file=path.name) from fault
    return head, _rows(path, head)


def _checked(path: Path) -> Head:
    total, last, count = hashlib.sha256(), b"", -1
    with gzip.open(path) as packed:
        first = packed.readline()
        facts = json.loads(first)
        if facts["format"] != FORMAT:
            raise ValueError
        total.update(first)
        for line in packed:
            total.update(last)
            last, count = line, count + 1
    if json.loads(last) != {"rows": count, "sha256": total.hexdigest()}:
        raise ValueError
    return Head(facts["revision"], facts["made_at"], facts["tables"])


def _rows(path: Path, head: Head) -> Iterator[Row]:
    with gzip.open(path) as packed:
        next(packed)
        for line in packed:
            row = json.loads(line)
            if isinstance(row, dict):
                return
            table, values = row
            kinds = head.tables[table].values()
            yield table, [_understood(value, kind) for value, kind in zip(values, kinds, strict=True)]


def _understood(value: object, kind: str) -> object:
    return None if value is None else KINDS[kind].read(value)
