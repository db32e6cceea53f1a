"""The report as data: JSON and CSV of exactly what is published, from which anyone can recompute it."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

Document = Mapping[str, Any]

HEADER: Final = (
    "wave",
    "record",
    "key",
    "part",
    "answered",
    "band",
    "camps",
    "consensus",
    "level",
    "invited",
    "groups",
    "value",
)
#: A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: In a spreadsheet that parts cells at semicolons or tabs, a formula may also begin inside our cell.
INSIDE: Final = re.compile(r"(?<=.)([;\t]\s*)('*[=+\-@＝＋－＠])")
MARKED: Final = re.compile(r"(?<=.)([;\t]\s*)'('*[=+\-@＝＋－＠])")
ENGAGEMENT: Final = ("key", "buyer", "change", "believed_step")
WAVE: Final = ("instrument", "terms", "k", "closed_on", "stakeholders", "answered", "too_few")

Row = dict[str, Any]


def to_json(document: Document) -> str:
    """The document as indented JSON, keys in the document's own order, ending with a newline."""
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def to_csv(document: Document) -> str:
    """The published cells, concerns and "many cannot tell", with n, N and parts, a record a line (RFC 4180).

    Text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    stream = io.StringIO()
    writer = csv.DictWriter(stream, HEADER, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: plain(value) for name, value in row.items()} for row in rows(document))
    return stream.getvalue()


def plain(value: object) -> str:
    """A value as CSV text: yes, no, empty for null; never a formula."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = INSIDE.sub(r"\1'\2", str(value))
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def rows(document: Document) -> Iterable[Row]:
    """Every record of the CSV in order: engagement, then each wave's terms, parts, cells, concerns."""
    for name in ENGAGEMENT:
        yield {"record": "engagement", "key": name, "value": document["engagement"].get(name)}
    for wave in document["waves"]:
        for row in _wave_rows(wave):
            yield {"wave": wave["wave"], **row}


def _wave_rows(wave: Mapping[str, Any]) -> Iterable[Row]:
    for name in WAVE:
        if name in wave:
            yield {"record": "wave", "key": name, "value": wave[name]}
    for at, edge in enumerate(wave.get("band_edges", ()), start=1):
        yield {"record": "band edge", "key": at, "value": edge}
    for part in wave.get("parts", ()):
        yield {"record": "part", **part, "groups": " | ".join(part["groups"])}
    for key, cells in wave.get("questions", {}).items():
        yield from _cell_rows(key, cells)
    yield from _level_rows("concern", wave.get("concerns"))
    yield from _level_rows("cannot tell", wave.get("cannot_tell"))


def _cell_rows(key: str, cells: Sequence[Mapping[str, Any]]) -> Iterable[Row]:
    if not cells:
        yield {"record": "not heard", "key": key}
    for cell in cells:
        yield {"record": "cell", "key": key, **cell}


def _level_rows(record: str, levels: Mapping[str, Any] | None) -> Iterable[Row]:
    for key, level in (levels or {}).items():
        if key == "menu":
            yield {"record": f"{record} menu", "value": level}
        else:
            yield {"record": record, "key": key, "level": level}


def cells_from_csv(text: str, wave: int) -> tuple[dict[str, list[Row]], dict[str, str]]:
    """Back from the CSV: a wave's questions as in the document, and its facts (n, N, k ...) as text.

    For readers who want to recompute the report; the exact inverse of ``to_csv`` on these records.
    """
    questions: dict[str, list[Row]] = {}
    facts: dict[str, str] = {}
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))):
        if row["wave"] != str(wave):
            continue
        if row["record"] == "wave":
            facts[row["key"]] = row["value"]
        if row["record"] in ("cell", "not heard"):
            questions.setdefault(row["key"], [])
        if row["record"] == "cell":
            questions[row["key"]].append(_cell(row))
    return questions, facts


def _cell(row: Mapping[str, str]) -> Row:
    truth = {"yes": True, "no": False, "": None}
    return {
        "part": unquoted(row["part"]),
        "answered": row["answered"],
        "band": int(row["band"]),
        "camps": truth[row["camps"]],
        "consensus": truth[row["consensus"]],
    }


def unquoted(text: str) -> str:
    """Text without the apostrophe that keeps a spreadsheet from running it."""
    bare = text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text
    return MARKED.sub(r"\1\2", bare)
