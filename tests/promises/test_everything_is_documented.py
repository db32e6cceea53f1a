"""Everything is documented: settings, commands, events, letters, doors, verbs, and what a report says."""

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache

import click
from flask import Flask
from rig import house

from survey_service.cli.door import survey
from survey_service.foundation.settings import KNOWN, TEST_ONLY
from survey_service.journal import EVENTS
from survey_service.outbox.letters import LETTERS
from survey_service.web.audiences import AUDIENCES, Door

DOCS = house.ROOT / "docs"
#: They print nothing of their own until they are stopped.
WITHOUT_JSON = {"serve", "scheduler run"}


@cache
def operations() -> str:
    return (DOCS / "operations.md").read_text()


def table(heading: str) -> list[list[str]]:
    """The cells of the table whose first column has that heading, a row a line."""
    lines = iter(operations().splitlines())
    next(line for line in lines if line.startswith(f"| {heading} |"))
    next(lines)
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


def commands(group: click.Group = survey, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command with its words."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def test_every_setting_is_explained_and_no_other() -> None:
    assert {row[0].strip("`") for row in table("setting")} == set(KNOWN)
    assert all(all(row) for row in table("setting"))
    for name in TEST_ONLY:
        assert f"`{name}`" in operations()


def test_every_command_is_explained_and_no_other(app: Flask) -> None:
    known = {name for name, _ in commands()}
    told = {name for row in table("command") if (name := _command(row, known))}
    assert told == known
    assert len(told) == len(table("command"))


def _command(row: list[str], known: set[str]) -> str:
    """The longest command the row begins with."""
    words = row[0].split("`")[1].removeprefix("flask survey ").split()
    return next(
        (" ".join(words[:count]) for count in range(len(words), 0, -1) if " ".join(words[:count]) in known),
        "",
    )


def test_every_command_explains_itself(app: Flask) -> None:
    """With --help: what it does, and what each option is for."""
    known = dict(commands())
    assert len(known) > 12
    for name, command in known.items():
        done = app.test_cli_runner().invoke(args=["survey", *name.split(), "--help"])
        assert done.exit_code == 0, done.output
        assert command.help, f"{name} does not say what it does"
        options = [one for one in command.params if isinstance(one, click.Option)]
        silent = [one.name for one in options if not one.help and not _says_itself(one)]
        assert silent == [], name


def _says_itself(option: click.Option) -> bool:
    """Its choices or its default tell."""
    return isinstance(option.type, click.Choice) or bool(option.show_default)


def test_every_command_that_tells_facts_tells_them_as_json(app: Flask) -> None:
    known = dict(commands())
    for name, command in known.items():
        has_json = any("--json" in option.opts for option in command.params)
        assert has_json == (name not in WITHOUT_JSON), name
    starred = {_command(row, set(known)) for row in table("command") if row[0].endswith("*")}
    assert starred == set(known) - WITHOUT_JSON


def test_every_event_of_the_journal_is_explained_and_no_other() -> None:
    assert {row[0] for row in table("event")} == set(EVENTS)
    assert all(all(row) for row in table("event"))


def test_every_letter_is_explained_and_has_its_three_templates() -> None:
    assert {row[0] for row in table("letter")} == set(LETTERS)
    assert all(all(row) for row in table("letter"))
    folder = house.ROOT / "templates" / "letters"
    for kind in LETTERS:
        for ending in ("subject.txt", "txt", "html"):
            assert (folder / f"{kind}.{ending}").is_file(), f"{kind}.{ending}"
    written_for = {path.name.split(".")[0] for path in folder.iterdir() if not path.name.startswith("_")}
    assert written_for == set(LETTERS)


def test_every_address_stands_behind_an_explained_door(app: Flask) -> None:
    """Whoever sets up a proxy or reads a log knows whose address it is."""
    told = {row[0].split("`")[1]: row[1] for row in table("addresses")}
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        door = app.blueprints[rule.endpoint.partition(".")[0]]
        assert isinstance(door, Door)
        begins = [address for address in told if _is_under(rule.rule, address)]
        assert begins, f"{rule.rule} is in no row"
        assert told[max(begins, key=len)] == door.audience, rule.rule
    assert set(told.values()) == set(AUDIENCES)


def _is_under(rule: str, address: str) -> bool:
    return rule == address or (address != "/" and rule.startswith(address.rstrip("/") + "/"))


def test_every_verb_of_run_is_explained() -> None:
    script = (house.ROOT / "run").read_text()
    verbs = set(re.findall(r"^    ([a-z]+)\)", script[script.index("case $verb in") :], re.MULTILINE))
    verbs |= {"help"}
    told = set(re.findall(r"^\./run ([a-z]+)", script, re.MULTILINE)) | {"serve"}
    assert verbs == told, "./run help"
    assert {
        row[0].split("`")[1].removeprefix("./run").split(" ")[-1] or "serve" for row in table("verb")
    } == verbs


def test_every_field_of_the_report_is_explained() -> None:
    told = (DOCS / "report.md").read_text()
    fields = set(_properties(json.loads((DOCS / "report.schema.json").read_text())))
    assert len(fields) > 40
    assert {field for field in fields if f"`{field}`" not in told} == set()


def _properties(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from _properties(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _properties(part)


def test_the_plan_of_the_house_names_every_room_and_where_to_begin() -> None:
    plan = (DOCS / "architecture.md").read_text()
    rows = [row.split("|") for row in plan.splitlines() if re.match(r"\| `[\w<>/.]+` \|", row)]
    rooms = {row[1].strip(" `").partition("/")[0] for row in rows}
    places = {path.name for path in house.PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert rooms == places | {"journal.py"}
    for row in rows:
        room = house.PACKAGE / row[1].strip(" `").partition("<")[0]
        for name in re.findall(r"`([^`]+)`", row[3]):
            assert (room / name).exists(), f"{room.name}: {name}"


def test_the_plan_of_the_house_tells_the_order_that_is_held() -> None:
    """The contract in pyproject.toml and the sentence in the plan say the same."""
    contracts = tomllib.loads((house.ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    plan = " ".join((DOCS / "architecture.md").read_text().split())
    told = re.search(r"\*\*Downhill\*\*: `([^`]+)`", plan)
    assert told
    assert [layer.strip() for layer in told[1].split(">")] == layers


def test_links_between_the_papers_lead_somewhere() -> None:
    papers = [*house.ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    for paper in papers:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", paper.read_text()):
            if "://" not in target and not target.startswith("mailto:"):
                assert (paper.parent / target).exists(), f"{paper.name}: {target}"


def test_files_named_in_the_papers_exist() -> None:
    """`answers/release.py` in a text must be where the text says."""
    for paper in [*house.ROOT.glob("*.md"), *DOCS.rglob("*.md")]:
        for name in re.findall(r"`([\w./-]+/[\w.-]+\.(?:py|html|toml|json|md|txt))`", paper.read_text()):
            roots = (house.ROOT, house.PACKAGE, DOCS)
            assert any((root / name).exists() for root in roots), f"{paper.name}: {name}"
