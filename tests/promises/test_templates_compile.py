"""Every template compiles, and every address a page builds leads to a door that exists."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, meta, nodes
from rig import house

from survey_service.outbox import wording

TEMPLATES = house.ROOT / "templates"
DOORS = {"mailbox", "public", "reader", "respondent", "seller", "sponsor"}
#: Filled in by the door itself, for every address within it.
BY_THE_DOOR = {"sponsor": {"token"}}


@dataclass(frozen=True)
class Address:
    """One call of url_for: where it stands, the endpoint it names and the values it gives."""

    place: str
    endpoint: str
    values: frozenset[str]


def test_every_template_compiles_in_the_pages_environment(app: Flask) -> None:
    """A page's template is read when somebody opens the page: a slip would wait for them."""
    names = app.jinja_env.list_templates()
    assert len(names) > 100
    for name in names:
        app.jinja_env.get_template(name)


def test_every_letter_compiles_in_the_letters_environment() -> None:
    """Letters have an environment of their own, where a missing fact is an error."""
    names = wording.environment().list_templates()
    assert len(names) > 30
    for name in names:
        wording.environment().get_template(name)


def test_every_template_that_is_included_exists(app: Flask) -> None:
    """extends, include and import are resolved only when a page is drawn."""
    for environment in (app.jinja_env, wording.environment()):
        known = set(environment.list_templates())
        for name in known:
            if environment is app.jinja_env and name.startswith("letters/"):
                continue  # drawn by the letters' environment, whose root is that folder
            missing = {other for other in _referenced(environment, name) if other not in known}
            assert not missing, f"{name} needs {missing}"


def test_every_address_in_a_template_leads_to_a_route(app: Flask) -> None:
    """A button that leads nowhere is a page that breaks."""
    assert _lost(app, _in_templates(app.jinja_env)) == []


def test_every_address_in_a_door_leads_to_a_route(app: Flask) -> None:
    """A redirect to a route that is not there comes after the work is done: the worst moment."""
    assert _lost(app, _in_code()) == []


@pytest.mark.parametrize(
    ("endpoint", "values"), [("seller.no_such_page", set()), ("seller.show", set()), (".nowhere", set())]
)
def test_a_lost_address_is_noticed(app: Flask, endpoint: str, values: set[str]) -> None:
    """The check itself can fail: for a page that is not there, and for a key left out."""
    assert len(_lost(app, [Address("here", endpoint, frozenset(values))])) == 1


def _referenced(environment: Environment, name: str) -> Iterator[str]:
    for other in meta.find_referenced_templates(_parsed(environment, name)):
        if other is not None:
            yield other


def _parsed(environment: Environment, name: str) -> nodes.Template:
    assert environment.loader is not None
    return environment.parse(environment.loader.get_source(environment, name)[0])


def _in_templates(environment: Environment) -> Iterator[Address]:
    for name in environment.list_templates():
        for call in _parsed(environment, name).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "url_for":
                first = call.args[0]
                if isinstance(first, nodes.Const):
                    values = frozenset(keyword.key for keyword in call.kwargs)
                    yield Address(f"templates/{name}", _whole(first.value, Path(name)), values)


def _in_code() -> Iterator[Address]:
    for path in house.modules():
        for call in ast.walk(house.tree(path)):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "url_for":
                first = call.args[0]
                if isinstance(first, ast.Constant):
                    values = frozenset(keyword.arg or "" for keyword in call.keywords)
                    yield Address(house.named(path), _whole(str(first.value), path), values)


def _whole(endpoint: str, path: Path) -> str:
    """'.show' within the seller's folder is 'seller.show'."""
    if not endpoint.startswith("."):
        return endpoint
    door = next((part for part in path.parts if part in DOORS), path.stem)
    return f"{door}{endpoint}"


def _lost(app: Flask, addresses: Iterator[Address] | list[Address]) -> list[str]:
    needed = _values_needed(app)
    faults = []
    for one in addresses:
        ways = needed.get(one.endpoint)
        if ways is None:
            faults.append(f"{one.place}: there is no route {one.endpoint}")
        elif not any(way <= one.values for way in ways):
            faults.append(f"{one.place}: {one.endpoint} needs {[sorted(way - one.values) for way in ways]}")
    return faults


def _values_needed(app: Flask) -> Mapping[str, list[set[str]]]:
    found: dict[str, list[set[str]]] = {}
    for rule in app.url_map.iter_rules():
        door = rule.endpoint.partition(".")[0]
        given = set(rule.defaults or ()) | BY_THE_DOOR.get(door, set())
        found.setdefault(rule.endpoint, []).append(set(rule.arguments) - given)
    return found
