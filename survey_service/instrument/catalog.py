"""The instruments we ship, by key ('core/1'). Read once, checked, kept."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from survey_service.instrument import definition, loader, rules
from survey_service.instrument.definition import Definition
from survey_service.instrument.model import Instrument, Words

DEFINITIONS = Path(__file__).parent / "definitions"


class UnknownInstrument(LookupError):
    """No such instrument, or not in that language."""


@cache
def names() -> tuple[str, ...]:
    """Keys of all instruments, in alphabetical order."""
    return loader.keys(DEFINITIONS)


@cache
def instrument(key: str) -> Instrument:
    """What 'core/1' asks. Raises UnknownInstrument."""
    if key not in names():
        raise UnknownInstrument(key)
    return loader.load_instrument(DEFINITIONS, key)


@cache
def words(key: str, language: str) -> Words:
    """'core/1' in a language ('de'). Raises UnknownInstrument."""
    if language not in languages(key):
        raise UnknownInstrument(f"{key} in {language}")
    return loader.load_words(DEFINITIONS, key, language)


@cache
def languages(key: str) -> tuple[str, ...]:
    """Languages an instrument can be asked in, English first. Raises UnknownInstrument."""
    if key not in names():
        raise UnknownInstrument(key)
    return loader.languages(DEFINITIONS, key)


@cache
def packaged(key: str) -> Definition:
    """'core/1' with its words in every language. Raises UnknownInstrument."""
    return Definition(instrument(key), {one: words(key, one) for one in languages(key)})


def of_wave(wave: Mapping[str, Any]) -> Definition:
    """What one wave of a report asked: an instrument of the workspace's own travels in the report itself.

    Raises UnknownInstrument; KeyError, TypeError or AttributeError for a report that was tampered with.
    """
    return definition.read(wave["asked"]) if "asked" in wave else packaged(wave["instrument"])


def faults() -> list[str]:
    """Everything wrong with the shipped definitions, in plain sentences; `./run check` wants none."""
    return [
        fault
        for key in names()
        for fault in rules.check(instrument(key), [words(key, language) for language in languages(key)])
    ]
