"""An instrument as one TOML text: the packaged structure.toml, and each language's file as ``[words.xx]``."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import tomli_w

from survey_service.instrument import definition
from survey_service.instrument.definition import Definition
from survey_service.instrument.draft import STRUCTURE, Draft
from survey_service.instrument.loader import WORDED

LONGEST: Final = 200_000  #: characters; the packaged core form has 30,000
#: What a text that stands in one line has none of; a narrow space before a French colon stays.
BREAKS: Final = re.compile(r"[ \t\r\n]+")
#: tomllib remembers every beginning of a dotted key: one of 90,000 parts takes all the memory there is. Ours
#: have three parts; a run of words between dots counts wherever it stands.
PART: Final = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
DEEP: Final = re.compile(rf"(?<![\w-]){PART}(?:[ \t]*\.[ \t]*{PART}){{8}}")
PLACE: Final = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
KINDS: Final[Mapping[str, Mapping[str, type]]] = {
    "questions": {"id": str, "step": int, "domain": str},
    "concerns": {"id": str, "domain": str},
    "open_questions": {"id": str, "limit": int},
    "sections": {"id": str, "questions": list},
}
MORE: Final = {"questions": {"reverse": bool, "facet": str}}


@dataclass(frozen=True)
class Unread(Exception):
    """The text is no instrument: the line (0: the whole), a code, and its facts.

    Codes: toml (detail), long, missing (name), table (name), kind (name), unknown (name), text (name).
    """

    line: int
    code: str
    facts: Mapping[str, object]


def write(found: Definition) -> str:
    """The text; ``read`` gives the same again."""
    return tomli_w.dumps(definition.plain(found), multiline_strings=False)


def files(found: Definition) -> dict[str, str]:
    """The same as the packaged instruments lie: name of a file -> its text."""
    raw = definition.plain(found)
    words = raw.pop("words")
    spoken = {f"{language}.toml": tomli_w.dumps(texts) for language, texts in words.items()}
    return {"structure.toml": tomli_w.dumps(raw), **spoken}


def joined(texts: Mapping[str, str]) -> str:
    """Files as the packaged ones lie, as one text. Raises Unread for one that is no TOML."""
    whole = _parsed(texts["structure.toml"])
    spoken = {name.removesuffix(".toml"): text for name, text in texts.items() if name != "structure.toml"}
    whole["words"] = {language: _parsed(text) for language, text in spoken.items()}
    return tomli_w.dumps(whole)


def read(text: str) -> tuple[Draft, str]:
    """A draft from the text, and its title. Raises Unread for the first thing that cannot be read."""
    raw = _parsed(text)
    _check(text, raw)
    words = {language: _words(text, language, texts) for language, texts in raw["words"].items()}
    titles = [texts["title"] for texts in raw["words"].values() if isinstance(texts.get("title"), str)]
    made: Draft = {"taken_from": "", "dropped": [], **{kind: raw[kind] for kind in STRUCTURE}, "words": words}
    return made, next((title.strip() for title in titles if title.strip()), "")


def as_typed(text: str) -> Definition:
    """The definition with everything in the text, the scale too, so that nothing is passed over unsaid."""
    raw = _parsed(text)
    asked = {one: raw[one] for one in (*STRUCTURE, "words")}
    return definition.read({"name": "imported", "version": 1, **asked})


def line_of(text: str, word: str) -> int:
    """The first line where the word stands by itself; 0 for none."""
    standing = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if word and standing.search(line)), 0)


def _parsed(text: str) -> dict[str, Any]:
    """Raises Unread for what is no TOML, and for what is made to keep a parser busy."""
    if len(text) > LONGEST:
        raise Unread(0, "long", {"most": LONGEST})
    if found := DEEP.search(text):
        raise Unread(text.count("\n", 0, found.start()) + 1, "toml", {"detail": "a key of too many parts"})
    try:
        return _loaded(text)
    except tomllib.TOMLDecodeError as fault:
        said, place = str(fault), PLACE.search(str(fault))
        line = int(place[1]) if place and place[1] else len(text.splitlines())
        raise Unread(line, "toml", {"detail": PLACE.sub("", said)}) from fault


def _loaded(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        raise
    except (RecursionError, ValueError) as fault:  # thousands of brackets, or of digits
        raise Unread(0, "toml", {"detail": "something in it is too long or too deep"}) from fault


def _check(text: str, raw: Mapping[str, Any]) -> None:
    for name in (*STRUCTURE, "words"):
        if name not in raw:
            raise Unread(0, "missing", {"name": name})
    for name, fields in KINDS.items():
        if not isinstance(raw[name], list):
            raise Unread(line_of(text, name), "table", {"name": name})
        for one in raw[name]:
            _check_row(text, name, one, fields)
    if not isinstance(raw["words"], dict) or not raw["words"]:
        raise Unread(line_of(text, "words"), "table", {"name": "words"})


def _check_row(text: str, name: str, one: Any, fields: Mapping[str, type]) -> None:  # noqa: ANN401 - as parsed
    if not isinstance(one, dict):
        raise Unread(line_of(text, name), "table", {"name": name})
    if fault := _fault(name, one, fields):
        code, field = fault
        line = line_of(text, str(one.get("id", ""))) or line_of(text, name)
        raise Unread(line, code, {"name": f"{name}.{field}"})


def _fault(name: str, row: Mapping[str, Any], fields: Mapping[str, type]) -> tuple[str, str] | None:
    """The first thing wrong with a row: its code and field."""
    more = MORE.get(name, {})
    for field, kind in {**fields, **{field: kind for field, kind in more.items() if field in row}}.items():
        if field not in row:
            return "missing", field
        if type(row[field]) is not kind or (
            kind is list and not all(isinstance(id_, str) for id_ in row[field])
        ):
            return "kind", field
    strange = row.keys() - fields.keys() - more.keys()
    return ("unknown", min(strange)) if strange else None


def _words(text: str, language: str, texts: Any) -> dict[str, dict[str, str]]:  # noqa: ANN401 - as parsed
    """The words of one language by kind; a kind that is missing is not written yet."""
    if not isinstance(texts, dict):
        raise Unread(line_of(text, "words"), "table", {"name": f"words.{language}"})
    found: dict[str, dict[str, str]] = {}
    for kind in WORDED:
        given = texts.get(kind, {})
        if not isinstance(given, dict):
            raise Unread(line_of(text, kind), "table", {"name": f"words.{language}.{kind}"})
        for id_, words in given.items():
            if not isinstance(words, str):
                raise Unread(line_of(text, id_), "text", {"name": f"words.{language}.{kind}.{id_}"})
        found[kind] = {id_: BREAKS.sub(" ", words).strip() for id_, words in given.items()}
    for name in (*definition.SINGLE, "scale"):
        given = texts.get(name, [] if name == "scale" else "")
        fits = isinstance(given, list) if name == "scale" else isinstance(given, str)
        if not fits:
            raise Unread(line_of(text, name), "kind", {"name": f"words.{language}.{name}"})
    return found
