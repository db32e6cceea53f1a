"""From TOML to an instrument; one that takes questions and words from another is complete once loaded."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from survey_service.instrument.model import Concern, Instrument, OpenQuestion, Question, Section, Words

T = TypeVar("T")

#: Every text that belongs to an id of the structure.
WORDED = ("questions", "concerns", "open_questions", "sections")


def load_instrument(root: Path, key: str) -> Instrument:
    """The structure of ``root/key``. Raises FileNotFoundError; KeyError or TypeError for a wrong field."""
    raw = _read(root / key / "structure.toml")
    if "taken_from" in raw:
        raw = _taken(load_instrument(root, raw["taken_from"]), raw)
    return Instrument(
        name=raw["name"],
        version=raw["version"],
        questions=_each(Question, raw["questions"]),
        concerns=_each(Concern, raw["concerns"]),
        open_questions=_each(OpenQuestion, raw["open_questions"]),
        sections=tuple(Section(one["id"], tuple(one["questions"])) for one in raw["sections"]),
    )


def load_words(root: Path, key: str, language: str) -> Words:
    """The words of ``root/key`` in a language. Raises FileNotFoundError; TypeError for a missing text."""
    structure = _read(root / key / "structure.toml")
    raw = _read(root / key / f"{language}.toml")
    if "taken_from" in structure:
        raw = {**_read(root / structure["taken_from"] / f"{language}.toml"), **raw}
        raw = _only(load_instrument(root, key), raw)
    return Words(language=language, scale=tuple(raw.pop("scale")), **raw)


def languages(root: Path, key: str) -> tuple[str, ...]:
    """Languages that have a file of words, English first."""
    found = {file.stem for file in (root / key).glob("*.toml")} - {"structure"}
    return tuple(sorted(found, key=lambda language: (language != "en", language)))


def keys(root: Path) -> tuple[str, ...]:
    """'core/1' for every definition beneath the root."""
    return tuple(sorted(file.parent.relative_to(root).as_posix() for file in root.glob("*/*/structure.toml")))


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _each(kind: type[T], rows: Iterable[Mapping[str, Any] | T]) -> tuple[T, ...]:
    return tuple(kind(**row) if isinstance(row, Mapping) else row for row in rows)


def _taken(source: Instrument, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The definition with the source's questions it names, and all its concerns and open questions."""
    by_id = {question.id: question for question in source.questions}
    rest = {"concerns": source.concerns, "open_questions": source.open_questions}
    return {**rest, **raw, "questions": [by_id[id_] for id_ in raw["questions"]]}


def _only(instrument: Instrument, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The words without those of questions that this instrument leaves out."""
    asked = {kind: [one.id for one in getattr(instrument, kind)] for kind in WORDED}
    kept = {kind: {id_: raw[kind][id_] for id_ in ids if id_ in raw[kind]} for kind, ids in asked.items()}
    return {**raw, **kept}
