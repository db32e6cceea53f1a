"""What is asked, from the shell: `flask survey instrument check|list|import|export`."""

import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from survey_service.cli.door import Command, Group, NoSuchKey, as_json, say, workspace_named
from survey_service.collection import carrying, shelf
from survey_service.engagements import instruments as asking
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import gettext as _
from survey_service.instrument import catalog, limits, loader, reading, rules, toml_text, wording
from survey_service.instrument.catalog import UnknownInstrument
from survey_service.instrument.definition import Definition, plain
from survey_service.instrument.model import Instrument, Words
from survey_service.workspaces import scope as scopes

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


@instrument.command(name="list", cls=Command)
@click.option("--workspace", help="Key or name of a workspace: its own instruments too.")
@as_json
def list_all(workspace: str | None, as_json: bool) -> None:
    """List the packaged instruments and a workspace's own, with their state and where they are asked."""
    rows = [
        {"key": key, "title": catalog.words(key, "en").title, "state": "packaged"} for key in catalog.names()
    ]
    if workspace is not None:
        rows += _own(workspace)
    lines = [f"{row['key']}  {row['title']}  ({row['state']})" for row in rows]
    say({"instruments": rows}, "\n".join(lines), as_json=as_json)


def _own(workspace: str) -> list[dict[str, Any]]:
    scope = scopes.of_operator(workspace_named(workspace))
    users = asking.users(scope)
    return [
        {
            "key": row.key,
            "title": row.title,
            "state": "launched" if row.frozen_at else "ready" if _is_fit(row.key) else "draft",
            "languages": list(shelf.definition(row).languages),
            "engagements": [one.key for one in users.get(row.key, ())],
        }
        for row in shelf.listed(scope)
    ]


def _is_fit(key: str) -> bool:
    return limits.is_fit(shelf.find(key))


@instrument.command(name="import", cls=Command)
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--workspace", required=True, help="Key or name of the workspace that gets it.")
@click.option("--title", default="", help="What the workspace calls it; else the title in the file.")
@as_json
def import_one(file: Path, workspace: str, title: str, as_json: bool) -> None:
    """Take an instrument in: FILE as exported, or a folder like a packaged one's; prints its key."""
    scope = scopes.of_operator(workspace_named(workspace))
    sources = sorted(file.glob("*.toml")) if file.is_dir() else [file]
    try:
        texts = {one.name: one.read_text(encoding="utf-8") for one in sources}
    except UnicodeDecodeError as fault:
        raise click.BadParameter(f"{file} is not in UTF-8.") from fault
    with transaction():
        row = carrying.take_in(scope, carrying.one_text(texts), title=title, at=now())
        facts = {"instrument": row.key, "title": row.title, "state": "ready" if _is_fit(row.key) else "draft"}
    say(facts, str(facts["instrument"]), as_json=as_json)


@instrument.command(name="export", cls=Command)
@click.argument("key")
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), help="A file, or a folder that exists."
)
@as_json
def export_one(key: str, target: Path | None, as_json: bool) -> None:
    """Write instrument KEY (core/1, or one of a workspace's own) as TOML; into a folder: as packaged."""
    found = _found(key)
    if target is None:
        text = toml_text.write(found)
        say(plain(found), text.rstrip("\n"), as_json=as_json)
        return
    if target.is_dir():
        for name, text in toml_text.files(found).items():
            (target / name).write_text(text, encoding="utf-8")
    else:
        target.write_text(toml_text.write(found), encoding="utf-8")
    say({"file": str(target)}, f"Written to {target}.", as_json=as_json)


def _found(key: str) -> Definition:
    try:
        return shelf.find(key)
    except UnknownInstrument as fault:
        raise NoSuchKey(kind=_("instrument"), key=key) from fault


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
