"""Workspaces from the shell."""

import sys

import click

from survey_service.cli.door import Group, as_json, say, workspace_named
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.workspaces import allowance, making


@click.group(cls=Group)
def workspace() -> None:
    """Selling companies and their people."""


@workspace.command()
@click.argument("name")
@click.option("--owner", "address", required=True, metavar="ADDRESS", help="E-mail address of the owner.")
@click.option("--owner-name", default="", help="Name of the owner; else the address.")
@as_json
def create(name: str, address: str, owner_name: str, as_json: bool) -> None:
    """Make a workspace and its owner's account; the password is read from standard input."""
    password = _password()
    with transaction():
        made = making.make_workspace(
            name=name,
            owner_name=owner_name or address.split("@")[0],
            owner_email=address,
            password=password,
            at=now(),
            confirmed=True,
        )
        allowance.trust(made)
        facts = {"workspace": made.key, "name": made.name, "owner": address}
    say(facts, f"Workspace {facts['name']} is made; its key is {facts['workspace']}.", as_json=as_json)


@workspace.command()
@click.argument("key")
@as_json
def trust(key: str, as_json: bool) -> None:
    """Lift the limit on letters a day for workspace KEY (its key or name)."""
    with transaction():
        found = workspace_named(key)
        allowance.trust(found)
        facts = {"workspace": found.key, "name": found.name, "trusted": True}
    say(facts, f"{facts['name']} may write to any number of people a day.", as_json=as_json)


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password for the owner", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


COMMANDS = (workspace,)
