"""One person's data from the shell: what is held about an address, and its erasure (GDPR 15 and 17)."""

import json
from dataclasses import asdict
from typing import Any

import click

from survey_service.cli.door import Command, as_json, say
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.waves import persons


@click.command(cls=Command)
@click.argument("address")
@click.option("--export", "act", flag_value="export", default="export", help="Print it (the usual).")
@click.option("--erase", "act", flag_value="erase", help="Erase it from every roster, and letters to it.")
@as_json
def person(address: str, act: str, as_json: bool) -> None:
    """Print what is held about ADDRESS, or erase it, and say what cannot be found."""
    if act == "export":
        found = asdict(persons.held(address)) | {"note": str(persons.CANNOT)}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    with transaction():
        erased = persons.erase(address, who="operator", at=now(), while_open=True)
    left = persons.held(address)
    facts = {
        "erased_from": erased,
        "left": {"sponsor_of": left.sponsor_of, "account": left.account},
        "note": str(persons.CANNOT),
    }
    say(facts, _words(facts), as_json=as_json)


def _words(facts: dict[str, Any]) -> str:
    lines = [f"Erased from {len(facts['erased_from'])} rosters."]
    if facts["left"]["sponsor_of"]:
        keys = ", ".join(facts["left"]["sponsor_of"])
        lines.append(f"Still the sponsor of {keys}: let them hand over first, or erase the engagement.")
    if facts["left"]["account"]:
        lines.append("Still has an account: remove it from its workspaces first.")
    return "\n".join([*lines, str(facts["note"])])


COMMANDS = (person,)
