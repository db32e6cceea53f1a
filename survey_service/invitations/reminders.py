"""Reminders: rows with a due time, claimed before a letter is written; only to links not yet used."""

import random
from datetime import datetime

from sqlalchemy import select, update

from survey_service.engagements.models import Stakeholder
from survey_service.foundation import zones
from survey_service.foundation.db import db
from survey_service.invitations import schedule
from survey_service.invitations.models import Invitation
from survey_service.outbox import letters
from survey_service.outbox.models import Dispatch
from survey_service.workspaces.schedule import MOST, USUAL, Schedule


def plan(
    invitation: Invitation,
    launched_at: datetime,
    closes_at: datetime,
    zone: str,
    *,
    after: datetime,
    days: Schedule = USUAL,
) -> None:
    """Set the next reminder's moment, 20 hours or more after ``after``; None where no more come.

    For people with an address alone; it is not looked up here, once for each of thousands at launch.
    """
    due = schedule.moments(launched_at, closes_at, zone, chance(invitation), days)
    later = [moment for moment in due if moment >= after + schedule.APART]
    is_wanted = not invitation.wants_no_reminders and invitation.reminders_sent < MOST
    invitation.remind_at = later[0] if later and is_wanted else None


def next_chance(
    invitation: Invitation, at: datetime, closes_at: datetime, zone: str, *, then: datetime | None
) -> datetime | None:
    """The next morning for one that missed its own; None where ``then`` or the close comes too soon."""
    morning = schedule.next_morning(at, zone, chance(invitation))
    is_too_late = morning >= closes_at or (then is not None and then - morning < schedule.APART)
    return None if is_too_late else morning


def chance(invitation: Invitation) -> random.Random:
    """Chance of the invitation's own: the same at every turn."""
    return random.Random(invitation.link)  # noqa: S311 - no secret


def plan_anew(
    wave_id: int,
    launched_at: datetime,
    closes_at: datetime,
    zone: str,
    *,
    at: datetime,
    days: Schedule = USUAL,
) -> None:
    """After the closing time moved: the next moment for each unused link that was mailed; three in all."""
    chosen = (
        select(Invitation)
        .join(Stakeholder, Invitation.stakeholder_id == Stakeholder.id)
        .where(Invitation.wave_id == wave_id, Invitation.spent.is_(False), Stakeholder.email.is_not(None))
    )
    for invitation in db.session.scalars(chosen):
        here = zones.known(invitation.stakeholder.time_zone, zone)
        plan(invitation, launched_at, closes_at, here, after=at, days=days)
    db.session.flush()


def due(at: datetime, limit: int = 100) -> list[Invitation]:
    """Invitations whose reminder is due; the index on ``remind_at`` finds them without reading the others."""
    chosen = select(Invitation).where(Invitation.remind_at <= at).order_by(Invitation.remind_at).limit(limit)
    return list(db.session.scalars(chosen))


def claim(invitation: Invitation, *, taken: int = 1) -> bool:
    """Take the reminder: whoever changes the row has it. ``taken``: 0 where none is written."""
    take = (
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.remind_at == invitation.remind_at)
        .values(remind_at=None, reminders_sent=Invitation.reminders_sent + taken)
    )
    return db.session.connection().execute(take).rowcount == 1


def write(invitation: Invitation, kind: str, *, workspace_id: int, at: datetime) -> None:
    """Put the reminder's letter into the outbox; ``kind`` is 'reminder' or 'last-day'. On paper: nothing."""
    person = invitation.stakeholder
    if person.email is None:
        return
    letters.write(
        kind,
        to_address=person.email,
        to_name=person.name,
        language=person.language,
        facts={"invitation_id": invitation.id},
        due_at=at,
        workspace_id=workspace_id,
        wave_id=invitation.wave_id,
    )


def is_asked(invitation: Invitation) -> bool:
    """Whether the invitation has left and no reminder is on its way: else another would be one too many."""
    waiting = select(Dispatch.id).where(
        Dispatch.wave_id == invitation.wave_id,
        Dispatch.to_address == invitation.stakeholder.email,
        Dispatch.kind.in_(("invitation", *letters.QUIET)),
        Dispatch.state.in_(("queued", "claimed", "sending", "given_up")),
    )
    return db.session.scalar(waiting.limit(1)) is None


def stop(invitation: Invitation) -> None:
    """Send no more reminders to this invitation; once more changes nothing."""
    invitation.wants_no_reminders = True
    invitation.remind_at = None
    db.session.flush()
