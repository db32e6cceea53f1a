"""Checking what is asked, from the shell: `flask survey instrument check FILE`."""

import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from survey_service.cli.door import Command, Group, as_json, say
from survey_service.instrument import loader, reading, rules, wording
from survey_service.instrument.model import Instrument, Words

STRUCTURE = "structure.toml"


@click.group(cls=Group)
def instrument() -> None:
    """What is asked."""


@instrument.command(cls=Command)
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--name", "names", multiple=True, help="A supplier or product that no question may name.")
@as_json
def check(file: Path, names: tuple[str, ...], as_json: bool) -> None:
    """Say what is wrong with an instrument's words, and how old readers have to be.

    FILE is a language's file (en.toml), structure.toml or their folder NAME/VERSION; beside a structure.toml
    everything is checked, else the words alone. Exit status 1 if something may not be asked so.
    """
    folder = file if file.is_dir() else file.parent
    try:
        asked = _instrument(folder) if (folder / STRUCTURE).exists() else None
        spoken = [_words(folder, language, asked) for language in _languages(file, folder)]
        faults = [*rules.check(asked, spoken)] if asked else []
    except (KeyError, TypeError, tomllib.TOMLDecodeError, UnicodeDecodeError, FileNotFoundError) as fault:
        raise click.BadParameter(f"{file} cannot be read as an instrument: {fault}.") from fault
    for words in spoken:
        faults += [one for one in wording.check(words, names=names) if not _is_said(one, faults)]
    ages = {words.language: reading.age(words.questions.values(), words.language) for words in spoken}
    say({"faults": faults, "reading_age": ages}, "\n".join(_lines(faults, ages)), as_json=as_json)
    sys.exit(1 if faults else 0)


def _languages(file: Path, folder: Path) -> list[str]:
    if file.is_file() and file.name != STRUCTURE:
        return [file.stem]
    return [one.stem for one in sorted(folder.glob("*.toml")) if one.name != STRUCTURE]


def _place(folder: Path) -> tuple[Path, str]:
    """The root of the definitions, and the instrument's key beneath it."""
    whole = folder.resolve()
    return whole.parents[1], f"{whole.parent.name}/{whole.name}"


def _instrument(folder: Path) -> Instrument:
    return loader.load_instrument(*_place(folder))


def _words(folder: Path, language: str, asked: Instrument | None) -> Words:
    if asked is not None:
        return loader.load_words(*_place(folder), language)
    raw: dict[str, Any] = tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
    texts = dict.fromkeys(("title", "about", "intro", "dk", "na"), "")
    kinds: dict[str, Any] = {kind: {} for kind in loader.WORDED}
    return Words(language=language, **{**texts, **kinds, **raw, "scale": tuple(raw.get("scale", ()))})


def _is_said(fault: str, before: Iterable[str]) -> bool:
    return any(one.endswith(fault) for one in before)


def _lines(faults: Iterable[str], ages: Mapping[str, int | None]) -> Iterable[str]:
    yield from faults
    for language, age in ages.items():
        yield f"{language}: reading age {age}" if age else f"{language}: no reading age (no formula)"


COMMANDS = (instrument,)
