"""What makes an instrument fit to be asked. Each rule gives plain sentences; none: it is fit."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from survey_service.instrument import wording
from survey_service.instrument.loader import WORDED
from survey_service.instrument.model import DOMAINS, FACETS, STEPS, Instrument, Words

SCREEN = range(2, 5)
POINTS = 5


def check(instrument: Instrument, languages: Sequence[Words]) -> list[str]:
    """Everything wrong with an instrument and its words, one sentence each."""
    found = [*_ids(instrument), *_places(instrument), *_screens(instrument)]
    for words in languages:
        found += [*_complete(instrument, words), *wording.check(words)]
    return [f"{instrument.key}: {finding}" for finding in found]


def _ids(instrument: Instrument) -> Iterator[str]:
    for kind in WORDED:
        ids = [one.id for one in getattr(instrument, kind)]
        yield from (f"{id_} is twice among the {kind}." for id_ in _twice(ids))


def _places(instrument: Instrument) -> Iterator[str]:
    """Steps, domains and facets must be known ones."""
    for question in instrument.questions:
        if not 1 <= question.step <= len(STEPS):
            yield f"{question.id} is on step {question.step}; there are steps 1 to {len(STEPS)}."
        if question.facet not in (None, *FACETS):
            yield f"{question.id} has the unknown facet {question.facet}."
    placed = [(one.id, one.domain) for one in instrument.questions]
    placed += [(one.id, one.domain) for one in instrument.concerns]
    yield from (
        f"{id_} is in the unknown domain {domain}." for id_, domain in placed if domain not in DOMAINS
    )
    for text in instrument.open_questions:
        if text.limit < 1:
            yield f"{text.id} leaves no room for an answer."


def _screens(instrument: Instrument) -> Iterator[str]:
    """Every question is on exactly one screen, and no screen is too full or too empty."""
    shown = [id_ for section in instrument.sections for id_ in section.questions]
    asked = [question.id for question in instrument.questions]
    yield from (f"{id_} is on two screens." for id_ in _twice(shown))
    yield from (f"{id_} is on no screen." for id_ in asked if id_ not in shown)
    yield from (f"A screen shows {id_}, which is not asked." for id_ in shown if id_ not in asked)
    for section in instrument.sections:
        if len(section.questions) not in SCREEN:
            yield f"Section {section.id} has {len(section.questions)} questions; two to four fit a screen."


def _complete(instrument: Instrument, words: Words) -> Iterator[str]:
    """Every id has its words, every word its id."""
    speech = words.language
    for kind in WORDED:
        wanted = [one.id for one in getattr(instrument, kind)]
        given = getattr(words, kind)
        yield from (f"{speech} has no words for {id_}." for id_ in wanted if not given.get(id_, "").strip())
        yield from (
            f"{speech} has words for {id_}, which is not asked." for id_ in given if id_ not in wanted
        )
    if "{change}" not in words.intro:
        yield f"{speech} does not say what the change is: the intro needs {{change}}."
    if len(words.scale) != POINTS or not all(words.scale):
        yield f"{speech} needs {POINTS} words for the scale."
    yield from (f"{speech} has no words for {code}." for code in ("dk", "na") if not getattr(words, code))


def _twice(ids: Iterable[str]) -> list[str]:
    return [id_ for id_, times in Counter(ids).items() if times > 1]
