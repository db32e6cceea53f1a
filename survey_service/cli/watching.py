"""Watching the clock and the post."""

import sys
from datetime import datetime, timedelta
from typing import Any

import click

from survey_service.cli.door import Command, as_json, say
from survey_service.foundation.clock import now
from survey_service.foundation.i18n import gettext as _
from survey_service.outbox import keeping
from survey_service.outbox.letters import LETTERS
from survey_service.outbox.models import Dispatch
from survey_service.scheduler import turns
from survey_service.scheduler.models import Turn
from survey_service.scheduler.timetable import TIMETABLE

#: A line of the timetable this long overdue: no clock runs, or none gets through.
LATE = timedelta(minutes=5)


@click.command(cls=Command)
@as_json
def status(as_json: bool) -> None:
    """Say when each line of the timetable was done, and what lies in the outbox, reminders left aside.

    Exit status 1 where a line is late, failed or was never done: no clock runs, or something is in its way.
    """
    at = now()
    known = {turn.name: turn for turn in turns.all_of()}
    lines = [_line(entry.name, known.get(entry.name), at) for entry in TIMETABLE]
    oldest = keeping.oldest_due(at)
    facts = {
        "has_run": any(line["ended_at"] for line in lines),
        "lines": lines,
        "letters": keeping.counts(),
        "waiting_since": oldest.isoformat() if oldest else None,
    }
    say(facts, "\n".join([*_never(facts), *map(_said, lines), *_letters(facts)]), as_json=as_json)
    if any(line["state"] != "ok" for line in lines):
        sys.exit(1)


@click.command(cls=Command)
@as_json
def letters(as_json: bool) -> None:
    """List letters that may not have arrived: uncertain, given up, or tried in vain so far.

    Of reminders no address is shown: it would say whose link was not used.
    """
    found = [_letter(one) for one in keeping.troubled()]
    words = [
        f"{one['state']:9} {one['kind']:18} {one['fault'] or '':12} {one['message_id']}  {one['to'] or '-'}"
        for one in found
    ]
    say({"letters": found}, "\n".join(words) or _("Nothing to see to."), as_json=as_json)


def _line(name: str, turn: Turn | None, at: datetime) -> dict[str, Any]:
    """One line: its name, when it last ended, when it is due, and 'ok', 'late', 'failed' or 'never'."""
    state = "never"
    if turn is not None and turn.ended_at is not None:
        state = "ok" if turn.went_well else "failed"
    if turn is not None and at > turn.next_at + LATE:
        state = "late"
    return {
        "name": name,
        "state": state,
        "ended_at": turn.ended_at.isoformat() if turn and turn.ended_at else None,
        "next_at": turn.next_at.isoformat() if turn else None,
    }


def _never(facts: dict[str, Any]) -> list[str]:
    """What a new server has to hear before anything else."""
    if facts["has_run"]:
        return []
    return [_("No clock has run here yet: nothing is sent or closed. Start `flask survey scheduler run`.")]


def _said(line: dict[str, Any]) -> str:
    return (
        f"{line['name']:22} {line['state']:7} last {line['ended_at'] or '-':32} due {line['next_at'] or '-'}"
    )


def _letters(facts: dict[str, Any]) -> list[str]:
    counted = ", ".join(f"{number} {state}" for state, number in sorted(facts["letters"].items()))
    since = facts["waiting_since"]
    return [f"letters: {counted or 'none'}", f"oldest due since {since}" if since else "none is due"]


def _letter(one: Dispatch) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "state": one.state,
        "fault": one.fault,
        "attempts": one.attempts,
        "due_at": one.due_at.isoformat(),
        "message_id": one.message_id,
        "to": None if LETTERS[one.kind].is_quiet else one.to_address,
    }
