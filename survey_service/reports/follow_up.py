"""The next conversations in somebody's hands: an owner, a day, done or not. The report stays as it is."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from survey_service import journal
from survey_service.foundation.db import db
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import language
from survey_service.reports import conversations, exports, narrative, page
from survey_service.reports.models import FollowUp
from survey_service.reports.wording import of_wave
from survey_service.waves.models import Wave

EVENT: Final = "conversations planned"
LONGEST_OWNER: Final = 120


@dataclass(frozen=True)
class Plan:
    """Who takes one conversation, and by when."""

    owner: str = ""
    due_on: date | None = None
    done_on: date | None = None


@dataclass(frozen=True)
class Planned:
    """One next conversation of the report beside its plan."""

    key: str
    topic: str
    question: str
    plan: Plan

    @property
    def due(self) -> str:
        """By when, as the language being spoken writes a day; "" for no day."""
        return _said(self.plan.due_on)

    @property
    def done(self) -> str:
        """When it was done, likewise."""
        return _said(self.plan.done_on)


def of(wave: Wave) -> FollowUp | None:
    """What the sponsor has planned after this wave, if anything."""
    return db.session.scalar(select(FollowUp).where(FollowUp.wave_id == wave.id))


def is_shown(wave: Wave) -> bool:
    """Whether the sponsor lets the seller see it."""
    found = of(wave)
    return found is not None and found.is_shown


def planned(wave: Wave, document: Mapping[str, Any]) -> list[Planned]:
    """The report's next conversations in the language being spoken; ``document``: the wave's entry of it."""
    if narrative.is_too_few(document):
        return []
    found = of(wave)
    steps = found.steps if found else {}
    talks = conversations.next_ones(document, of_wave(document, language()).topics)
    return [Planned(one.key, one.topic, one.question, _plan(steps.get(one.key, {}))) for one in talks]


def keep(wave: Wave, plans: Mapping[str, Plan], *, shown: bool, who: str, at: datetime) -> None:
    """Put down who takes what by when; the journal says that it was done, not what."""
    steps = {key: _plain(plan) for key, plan in plans.items()}
    found = of(wave)
    if found is None:
        db.session.add(FollowUp(wave_id=wave.id, steps=steps, is_shown=shown))
    else:
        found.steps, found.is_shown = {**found.steps, **steps}, shown
    db.session.flush()
    engagement = wave.engagement
    journal.note(
        EVENT,
        who=who,
        at=at,
        workspace_id=engagement.workspace_id,
        engagement_id=engagement.id,
        facts={"wave": wave.number, "shown": shown},
    )


def to_csv(listed: Sequence[Planned]) -> str:
    """A line each, for a spreadsheet or a task list; text that would run as a formula gets an apostrophe."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([_("Topic"), _("Question"), _("Who takes it"), _("By"), _("Done on")])
    for one in listed:
        days = [day.isoformat() if day else "" for day in (one.plan.due_on, one.plan.done_on)]
        writer.writerow([*map(exports.plain, (one.topic, one.question, one.plan.owner)), *days])
    return stream.getvalue()


def _said(day: date | None) -> str:
    return page.day(day.isoformat(), language()) if day else ""


def _plan(step: Mapping[str, Any]) -> Plan:
    days = (step.get(name) for name in ("due_on", "done_on"))
    due_on, done_on = (date.fromisoformat(day) if day else None for day in days)
    return Plan(step.get("owner", ""), due_on, done_on)


def _plain(plan: Plan) -> dict[str, Any]:
    days = {"due_on": plan.due_on, "done_on": plan.done_on}
    return {"owner": plan.owner, **{name: day.isoformat() if day else None for name, day in days.items()}}
