"""Workspaces from the shell."""

import sys

import click

from survey_service.cli.door import Command, Group, as_json, say, workspace_named
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.workspaces import allowance, making, second_factor, sessions
from survey_service.workspaces.models import Account


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


class NoSuchAccount(Refusal):
    """Nobody signs in with that address."""

    sentence = _l("There is no account for %(address)s.")


@click.command(cls=Command, name="second-factor-off")
@click.argument("address")
@as_json
def second_factor_off(address: str, as_json: bool) -> None:
    """Turn the second factor of ADDRESS off, for someone who lost phone and recovery codes."""
    with transaction():
        found = _known(address)
        second_factor.turn_off(found, at=now(), who="operator")
    say({"account": address, "second_factor": False}, "It is off; every session has ended.", as_json=as_json)


@click.command(cls=Command, name="sign-out")
@click.argument("address", required=False)
@click.option("--everybody", is_flag=True, help="Every account of this installation.")
@as_json
def sign_out(address: str | None, everybody: bool, as_json: bool) -> None:
    """End every session of ADDRESS, or of everybody; whoever knows the password signs in again."""
    if (address is None) == (not everybody):
        raise click.UsageError("Name an address, or say --everybody.")
    with transaction():
        found = making.everybody() if address is None else [_known(address)]
        for account in found:
            sessions.end_all(account)
        facts = {"accounts": len(found)}
    say(facts, f"Signed out: {facts['accounts']}.", as_json=as_json)


def _known(address: str) -> Account:
    found = making.by_address(address.strip().lower())
    if found is None:
        raise NoSuchAccount(address=address)
    return found


COMMANDS = (workspace, second_factor_off, sign_out)
