"""What makes an instrument fit to be asked. Each rule gives findings in plain sentences; none: it is fit."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from survey_service.instrument import wording
from survey_service.instrument.loader import WORDED
from survey_service.instrument.model import DOMAINS, FACETS, STEPS, Instrument, Words

SCREEN = range(2, 5)
POINTS = 5
SENTENCES: Final[Mapping[str, str]] = {
    "twice": "{id} is twice among the {kind}.",
    "step": "{id} is on step {step}; there are steps 1 to {most}.",
    "facet": "{id} has the unknown facet {facet}.",
    "domain": "{id} is in the unknown domain {domain}.",
    "room": "{id} leaves no room for an answer.",
    "two screens": "{id} is on two screens.",
    "no screen": "{id} is on no screen.",
    "not asked": "A screen shows {id}, which is not asked.",
    "crowded": "Section {id} has {count} questions; two to four fit a screen.",
    "unwritten": "{speech} has no words for {id}.",
    "left over": "{speech} has words for {id}, which is not asked.",
    "intro": "{speech} does not say what the change is: the intro needs {{change}}.",
    "scale": "{speech} needs {points} words for the scale.",
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: a key of SENTENCES and its facts, among them the ``id`` it is about."""

    code: str
    facts: Mapping[str, object]

    def __str__(self) -> str:
        return SENTENCES[self.code].format(**self.facts)


def check(instrument: Instrument, languages: Sequence[Words]) -> list[str]:
    """Everything wrong with an instrument and its words, one sentence each."""
    found = [str(finding) for finding in structure(instrument)]
    for words in languages:
        found += [*map(str, complete(instrument, words)), *wording.check(words)]
    return [f"{instrument.key}: {finding}" for finding in found]


def structure(instrument: Instrument) -> list[Finding]:
    """What is wrong with it whatever the language."""
    return [*_ids(instrument), *_places(instrument), *_screens(instrument)]


def complete(instrument: Instrument, words: Words) -> Iterator[Finding]:
    """Every id has its words, every word its id."""
    speech = words.language
    for kind in WORDED:
        wanted = [one.id for one in getattr(instrument, kind)]
        given = getattr(words, kind)
        yield from (_spoken("unwritten", speech, id_) for id_ in wanted if not given.get(id_, "").strip())
        yield from (_spoken("left over", speech, id_) for id_ in given if id_ not in wanted)
    if "{change}" not in words.intro:
        yield _spoken("intro", speech, "intro")
    if len(words.scale) != POINTS or not all(words.scale):
        yield Finding("scale", {"speech": speech, "id": "scale", "points": POINTS})
    yield from (_spoken("unwritten", speech, code) for code in ("dk", "na") if not getattr(words, code))


def _spoken(code: str, speech: str, id_: str) -> Finding:
    return Finding(code, {"speech": speech, "id": id_})


def _ids(instrument: Instrument) -> Iterator[Finding]:
    for kind in WORDED:
        ids = [one.id for one in getattr(instrument, kind)]
        yield from (Finding("twice", {"id": id_, "kind": kind}) for id_ in _twice(ids))


def _places(instrument: Instrument) -> Iterator[Finding]:
    """Steps, domains and facets must be known ones."""
    for question in instrument.questions:
        if not 1 <= question.step <= len(STEPS):
            yield Finding("step", {"id": question.id, "step": question.step, "most": len(STEPS)})
        if question.facet not in (None, *FACETS):
            yield Finding("facet", {"id": question.id, "facet": question.facet})
    placed = [(one.id, one.domain) for one in instrument.questions]
    placed += [(one.id, one.domain) for one in instrument.concerns]
    yield from (
        Finding("domain", {"id": id_, "domain": domain}) for id_, domain in placed if domain not in DOMAINS
    )
    for text in instrument.open_questions:
        if text.limit < 1:
            yield Finding("room", {"id": text.id})


def _screens(instrument: Instrument) -> Iterator[Finding]:
    """Every question is on exactly one screen, and no screen is too full or too empty."""
    shown = [id_ for section in instrument.sections for id_ in section.questions]
    asked = [question.id for question in instrument.questions]
    yield from (Finding("two screens", {"id": id_}) for id_ in _twice(shown))
    yield from (Finding("no screen", {"id": id_}) for id_ in asked if id_ not in shown)
    yield from (Finding("not asked", {"id": id_}) for id_ in shown if id_ not in asked)
    for section in instrument.sections:
        if len(section.questions) not in SCREEN:
            yield Finding("crowded", {"id": section.id, "count": len(section.questions)})


def _twice(ids: Iterable[str]) -> list[str]:
    return [id_ for id_, times in Counter(ids).items() if times > 1]
