"""A wave from the shell: its terms, printed and checked; and giving it up."""

import json
import sys
from typing import Any

import click
from sqlalchemy import select

from survey_service.cli.door import Command, as_json, engagement_and_scope, say
from survey_service.engagements import erasure
from survey_service.foundation.clock import now
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.waves import chain, schedules, verify
from survey_service.waves import lost as losing
from survey_service.waves.models import Wave
from survey_service.waves.terms import sha256_of, short
from survey_service.workspaces import schedule


class NoTerms(Refusal):
    """Nothing was launched."""

    sentence = _l("No terms have been frozen: this engagement has not been launched.")


@click.command(cls=Command)
@click.argument("key")
@click.option("--wave", "number", type=click.IntRange(1), help="Else the latest.")
@as_json
def terms(key: str, number: int | None, as_json: bool) -> None:
    """Print the terms of engagement KEY and check them; exit status 1 when anything was changed."""
    wave = _wave(engagement_and_scope(key)[0].id, number)
    links = [(wave.terms_sha256, wave.terms)] + [(row.sha256, row.document) for row in chain.rows(wave)]
    found = verify.faults(wave)
    facts: dict[str, Any] = {
        "engagement": key,
        "wave": wave.number,
        "chain": [{"sha256": stored, "is": sha256_of(text), "text": text} for stored, text in links],
        "faults": found,
    }
    click.echo(json.dumps(facts, ensure_ascii=False, indent=2) if as_json else _words(links, found))
    if found:
        sys.exit(1)


def _wave(engagement_id: int, number: int | None) -> Wave:
    chosen = select(Wave).where(Wave.engagement_id == engagement_id).order_by(Wave.number.desc())
    if number is not None:
        chosen = chosen.where(Wave.number == number)
    found = db.session.scalars(chosen).first()
    if found is None:
        raise NoTerms
    return found


def _words(links: list[tuple[str, str]], found: list[str]) -> str:
    """Every text of the chain in lines, its fingerprint, and the verdict."""
    lines: list[str] = []
    for place, (stored, text) in enumerate(links):
        lines += [f"{'Amendment ' + str(place) if place else 'Terms'}  {short(stored)}  (SHA-256 {stored})"]
        lines += [f"  {name}: {_plain(value)}" for name, value in _facts(text)]
    lines += [f"CHANGED: {fault}" for fault in found] or ["All is as announced."]
    return "\n".join(lines)


def _facts(text: str) -> list[tuple[str, Any]]:
    try:
        content = json.loads(text)
    except ValueError:
        return [("text", text)]
    return sorted(content.items()) if isinstance(content, dict) else [("text", text)]


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@click.command(cls=Command)
@click.argument("key")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@as_json
def lost(key: str, yes: bool, as_json: bool) -> None:
    """Give up the open wave of engagement KEY: delete its answers unread and tell everyone by letter."""
    found = engagement_and_scope(key)[0]
    if not yes:
        click.confirm(f"Delete all answers about {found.buyer} unread and tell everyone?", abort=True)
    with transaction():
        wave = losing.lose(found, who="operator", at=now())
        facts = {"engagement": key, "wave": wave.number, "lost": True}
    say(facts, "Given up; letters to everyone are on their way. It may be launched anew.", as_json=as_json)


@click.command(cls=Command)
@click.argument("key")
@click.argument("address")
@as_json
def erase(key: str, address: str, as_json: bool) -> None:
    """Erase the person with that ADDRESS from engagement KEY: name, address, link and letters to them."""
    found, scope = engagement_and_scope(key)
    with transaction():
        erasure.erase(found, address, who=scope.who, at=now())
    say({"engagement": key, "erased": True}, "Erased. What they sent counts on, unknown.", as_json=as_json)


@click.command(cls=Command)
@click.argument("key")
@click.option("--days", metavar="DAYS", help='Remind on these instead, as "2 5 last"; "" for none.')
@as_json
def reminders(key: str, days: str | None, as_json: bool) -> None:
    """Say on which days people of engagement KEY are reminded, or choose others.

    Before launch any; while the survey is open some may be left out, and none added.
    """
    found, scope = engagement_and_scope(key)
    if days is not None:
        with transaction():
            schedules.change(found, schedule.read(days), who=scope.who, at=now())
    plan = schedules.of(found)
    said = f"People are reminded {schedule.said(plan)}."
    say({"engagement": key, "reminders": plan.written}, said, as_json=as_json)


COMMANDS = (terms, lost, erase, reminders)
