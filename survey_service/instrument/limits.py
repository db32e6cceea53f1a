"""What an instrument of a workspace's own has to keep to, beyond what makes any instrument fit.

Answer sheets, the form and the report know questions by short ids, two open texts of at most 400 characters,
and one scale. Each concern is a tick of its own, so more of them give nobody away; but a list that nobody
reads to its end says nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from survey_service.instrument import catalog, rules, wording
from survey_service.instrument.definition import Definition
from survey_service.instrument.draft import COMMON
from survey_service.instrument.model import Instrument, Words
from survey_service.instrument.rules import Finding

MOST_QUESTIONS: Final = 40
MOST_CONCERNS: Final = 30
LONGEST_CONCERN: Final = 100
LONGEST_TITLE: Final = 60
TEXTS: Final = {"text1": 400, "text2": 400}
ID: Final = {"questions": re.compile(r"Q\d{2,3}"), "concerns": re.compile(r"K\d{2,3}")}
SENTENCES: Final[Mapping[str, str]] = {
    "few": "At least two questions have to be asked.",
    "few concerns": "At least one concern has to be asked.",
    "many questions": "There are {count} questions; {most} are the most.",
    "many concerns": "There are {count} concerns; {most} are the most.",
    "question id": "{id} is no id of a question: Q and two digits, like Q01.",
    "concern id": "{id} is no id of a concern: K and two digits, like K01.",
    "texts": "The open questions have to be text1 and text2, of at most 400 characters.",
    "fixed": "{speech} changes {id}; the measures rest on the packaged one.",
    "language": "{speech} is none of the languages of this service.",
    "long concern": "has {count} characters; {most} are the most",
}


@dataclass(frozen=True)
class Limit(Finding):
    """One limit that is passed: a key of SENTENCES here."""

    def __str__(self) -> str:
        return SENTENCES[self.code].format(**self.facts)


@dataclass(frozen=True)
class Remark:
    """One fault of a text: its language, its id and what is wrong (a key of wording's or of SENTENCES)."""

    language: str
    id: str
    code: str
    facts: Mapping[str, object]


def structure(definition: Definition) -> list[Finding]:
    """What is wrong with it whatever the words; none: once its words are written, it may be asked."""
    asked = definition.instrument
    if len(asked.questions) < rules.SCREEN[0]:
        return [Limit("few", {"id": ""})]
    if crowd := list(_size(asked)):
        return crowd  # comparing each with every other would take long
    if not asked.concerns:
        return [Limit("few concerns", {"id": ""})]
    return [*_named(asked), *rules.structure(asked), *_common(definition)]


def remarks(definition: Definition, language: str, *, names: tuple[str, ...] = ()) -> list[Remark]:
    """What is wrong with what is written in a language; nothing is said of what is not written yet."""
    words = definition.words.get(language)
    return [] if words is None else [*_questions(words, names), *_concerns(words, names)]


def is_fit(definition: Definition) -> bool:
    """Whether it may be asked in at least one language, and no word of it is wrong in any that is whole."""
    whole = definition.languages
    is_sound = bool(whole) and not structure(definition)
    return is_sound and not any(remarks(definition, language) for language in whole)


def _size(asked: Instrument) -> Iterator[Finding]:
    for kind, most in (("questions", MOST_QUESTIONS), ("concerns", MOST_CONCERNS)):
        if (count := len(getattr(asked, kind))) > most:
            yield Limit(f"many {kind}", {"id": "", "count": count, "most": most})


def _named(asked: Instrument) -> Iterator[Finding]:
    for kind, form in ID.items():
        ids = [one.id for one in getattr(asked, kind)]
        yield from (Limit(f"{kind[:-1]} id", {"id": id_}) for id_ in ids if not form.fullmatch(id_))
    texts = {one.id: one.limit for one in asked.open_questions}
    if texts.keys() != TEXTS.keys() or any(limit > TEXTS[id_] for id_, limit in texts.items()):
        yield Limit("texts", {"id": "open_questions"})


def _common(definition: Definition) -> Iterator[Finding]:
    """The scale and what stands beside it are the packaged ones, in a language that is packaged."""
    for language, words in definition.words.items():
        if language not in catalog.languages(COMMON):
            yield Limit("language", {"id": language, "speech": language})
            continue
        theirs = catalog.words(COMMON, language)
        for name in ("scale", "dk", "na", "intro"):
            if getattr(words, name) not in ("", (), getattr(theirs, name)):
                yield Limit("fixed", {"id": name, "speech": language})


def _questions(words: Words, names: tuple[str, ...]) -> Iterator[Remark]:
    for id_, text in words.questions.items():
        for fault in wording.lint(text, words.language, names=names):
            yield Remark(words.language, id_, fault.code, fault.facts)


def _concerns(words: Words, names: tuple[str, ...]) -> Iterator[Remark]:
    """Of concerns, open questions, and the headings of screens, which everybody reads too."""
    short = [*words.concerns.items(), *words.sections.items()]
    for id_, text in [*short, *words.open_questions.items()]:
        for fault in wording.lint(text, words.language, names=names):
            if fault.code in wording.ANYWHERE:
                yield Remark(words.language, id_, fault.code, fault.facts)
    for id_, text in short:
        if len(text) > LONGEST_CONCERN:
            facts = {"count": len(text), "most": LONGEST_CONCERN}
            yield Remark(words.language, id_, "long concern", facts)
