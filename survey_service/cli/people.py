"""One person's data from the shell: what is kept about an address, and its erasure (GDPR 15 and 17)."""

import json
from typing import Any, Final

import click
from sqlalchemy import select

from survey_service.cli.door import Command, as_json, say
from survey_service.engagements import erasure
from survey_service.engagements.models import Engagement, Sponsor, Stakeholder
from survey_service.foundation.clock import now
from survey_service.foundation.db import db, transaction
from survey_service.invitations.models import Invitation
from survey_service.outbox.models import Dispatch
from survey_service.workspaces import making

CANNOT: Final = (
    "Answers cannot be looked up: sheets carry no name, address or time, and are destroyed with their key "
    "when a survey closes. Until then only the receipt, which nobody here has, finds a sheet to withdraw it."
)


@click.command(cls=Command)
@click.argument("address")
@click.option("--export", "act", flag_value="export", default="export", help="Print it (the usual).")
@click.option("--erase", "act", flag_value="erase", help="Erase it from every roster, and letters to it.")
@as_json
def person(address: str, act: str, as_json: bool) -> None:
    """Print what is kept about ADDRESS, or erase it, and say what cannot be found."""
    email = address.strip().lower()
    found = _kept(email)
    if act == "export":
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    with transaction():
        for engagement in _engagements(email):
            erasure.erase(engagement, email, who="operator", at=now())
    left = {name: _kept(email)[name] for name in ("sponsor_of", "account")}
    facts = {"erased_from": [one["engagement"] for one in found["rosters"]], "left": left, "note": CANNOT}
    say(facts, _words(facts), as_json=as_json)


def _engagements(email: str) -> list[Engagement]:
    chosen = select(Engagement).join(Stakeholder).where(Stakeholder.email == email)
    return list(db.session.scalars(chosen))


def _kept(email: str) -> dict[str, Any]:
    """Everything with that address in it, by what it is."""
    account = making.by_address(email)
    letters = select(Dispatch).where(Dispatch.to_address == email).order_by(Dispatch.id)
    sponsored = select(Engagement).join(Sponsor).where(Sponsor.email == email)
    people = select(Stakeholder).where(Stakeholder.email == email).order_by(Stakeholder.id)
    return {
        "address": email,
        "rosters": [_on_roster(one) for one in db.session.scalars(people).all()],
        "sponsor_of": [one.key for one in db.session.scalars(sponsored)],
        "account": account and {"name": account.name, "since": account.created_at.isoformat()},
        "letters": [{"kind": one.kind, "state": one.state} for one in db.session.scalars(letters)],
        "note": CANNOT,
    }


def _on_roster(one: Stakeholder) -> dict[str, Any]:
    """Name, group and how many surveys they were asked in; never whether a link was used."""
    asked = select(Invitation.id).where(Invitation.stakeholder_id == one.id)
    engagement = db.session.get_one(Engagement, one.engagement_id)
    return {
        "engagement": engagement.key,
        "buyer": engagement.buyer,
        "name": one.name,
        "group": one.group.name,
        "language": one.language,
        "asked_in": len(list(db.session.scalars(asked))),
    }


def _words(facts: dict[str, Any]) -> str:
    lines = [f"Erased from {len(facts['erased_from'])} rosters."]
    if facts["left"]["sponsor_of"]:
        keys = ", ".join(facts["left"]["sponsor_of"])
        lines.append(f"Still the sponsor of {keys}: let them hand over first, or erase the engagement.")
    if facts["left"]["account"]:
        lines.append("Still has an account: remove it from its workspaces first.")
    return "\n".join([*lines, str(facts["note"])])


COMMANDS = (person,)
