"""An instrument with all its words, as one plain value: for files, for the report, and for asking."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from survey_service.instrument.loader import WORDED
from survey_service.instrument.model import Concern, Instrument, OpenQuestion, Question, Section, Words

Plain = Mapping[str, Any]
#: Texts of a language that belong to the instrument as a whole.
SINGLE: Final = ("title", "about", "intro", "dk", "na")


@dataclass(frozen=True)
class Definition:
    """One version of what is asked, and its words by language. A language may lack words for a question."""

    instrument: Instrument
    words: Mapping[str, Words]

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Languages in which everything is written, in the order of ``words``."""
        return tuple(language for language in self.words if not self.unwritten(language))

    def unwritten(self, language: str) -> tuple[str, ...]:
        """Ids of what has no words in a language, in catalogue order."""
        words = self.words.get(language)
        asked = [(kind, one.id) for kind in WORDED for one in getattr(self.instrument, kind)]
        return tuple(id_ for kind, id_ in asked if not words or not getattr(words, kind).get(id_, "").strip())

    def spoken(self, language: str, usual: str = "") -> Words:
        """The words in the language or, where that is not all written, in the usual one or the first that is.

        Where nothing is all written, gaps are dashes: a draft can be looked at.
        """
        whole = self.languages
        chosen = next((one for one in (language, usual, *whole) if one in whole), None)
        return self.words[chosen] if chosen else self._with_gaps(language)

    def _with_gaps(self, language: str) -> Words:
        words = self.words.get(language) or next(iter(self.words.values()))
        asked = {kind: [one.id for one in getattr(self.instrument, kind)] for kind in WORDED}
        filled: dict[str, Any] = {
            kind: {id_: getattr(words, kind).get(id_) or "–" for id_ in ids} for kind, ids in asked.items()
        }
        return replace(words, **filled)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of all of it, in hex: what terms and approvals hold on to."""
        text = json.dumps(plain(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def plain(definition: Definition) -> dict[str, Any]:
    """The definition as tables and lists, in the shape of the packaged files; ``words`` by language."""
    asked = definition.instrument
    return {
        "name": asked.name,
        "version": asked.version,
        "questions": [_question(question) for question in asked.questions],
        "concerns": [{"id": one.id, "domain": one.domain} for one in asked.concerns],
        "open_questions": [{"id": one.id, "limit": one.limit} for one in asked.open_questions],
        "sections": [{"id": one.id, "questions": list(one.questions)} for one in asked.sections],
        "words": {language: _words(words) for language, words in definition.words.items()},
    }


def read(raw: Plain) -> Definition:
    """A definition from its plain shape. Raises KeyError, TypeError or AttributeError for a wrong field."""
    return Definition(
        instrument=Instrument(
            name=raw["name"],
            version=raw["version"],
            questions=tuple(Question(**one) for one in raw["questions"]),
            concerns=tuple(Concern(**one) for one in raw["concerns"]),
            open_questions=tuple(OpenQuestion(**one) for one in raw["open_questions"]),
            sections=tuple(Section(one["id"], tuple(one["questions"])) for one in raw["sections"]),
        ),
        words={language: _spoken(language, texts) for language, texts in raw["words"].items()},
    )


def _question(question: Question) -> dict[str, Any]:
    """Its fields; what is usual is left out, as in the packaged files."""
    found: dict[str, Any] = {"id": question.id, "step": question.step, "domain": question.domain}
    if question.reverse:
        found["reverse"] = True
    if question.facet:
        found["facet"] = question.facet
    return found


def _words(words: Words) -> dict[str, Any]:
    single = {name: getattr(words, name) for name in SINGLE}
    return {**single, "scale": list(words.scale), **{kind: dict(getattr(words, kind)) for kind in WORDED}}


def _spoken(language: str, texts: Plain) -> Words:
    single: dict[str, Any] = {name: texts.get(name, "") for name in SINGLE}
    kinds: dict[str, Any] = {kind: _only_texts(texts.get(kind, {}).items()) for kind in WORDED}
    return Words(language=language, scale=tuple(texts.get("scale", ())), **single, **kinds)


def _only_texts(pairs: Iterable[tuple[str, Any]]) -> dict[str, str]:
    found = dict(pairs)
    if strange := [id_ for id_, text in found.items() if not isinstance(text, str)]:
        raise TypeError(f"{strange[0]} is no text")
    return found
