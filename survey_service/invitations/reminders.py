"""Reminders: rows with a due time, claimed before a letter is written; only to links not yet used."""

import random
from datetime import datetime, timedelta

from sqlalchemy import select, update

from survey_service.foundation.db import db
from survey_service.invitations import schedule
from survey_service.invitations.models import Invitation
from survey_service.outbox import letters

#: A reminder missed for longer than this (the server was down) is dropped: it would come at a wrong hour.
STALE = timedelta(hours=4)


def plan(invitation: Invitation, launched_at: datetime, closes_at: datetime, zone: str) -> None:
    """Set the next reminder's moment, the same however often it is computed."""
    due = schedule.moments(launched_at, closes_at, zone, random.Random(invitation.link))  # noqa: S311 - no secret
    later = due[invitation.reminders_sent :]
    invitation.remind_at = later[0] if later and not invitation.wants_no_reminders else None


def plan_anew(wave_id: int, launched_at: datetime, closes_at: datetime, zone: str, *, at: datetime) -> None:
    """After the closing time moved: the next moment after ``at`` for each unused link; three in all."""
    chosen = select(Invitation).where(
        Invitation.wave_id == wave_id, Invitation.spent.is_(False), Invitation.wants_no_reminders.is_(False)
    )
    for invitation in db.session.scalars(chosen):
        here = invitation.stakeholder.time_zone or zone
        chance = random.Random(invitation.link)  # noqa: S311 - no secret
        later = [one for one in schedule.moments(launched_at, closes_at, here, chance) if one > at]
        may_have_more = invitation.reminders_sent < schedule.MOST
        invitation.remind_at = later[0] if later and may_have_more else None
    db.session.flush()


def due(at: datetime, limit: int = 500) -> list[Invitation]:
    """Invitations whose reminder is due; the index on ``remind_at`` finds them without reading the others."""
    chosen = select(Invitation).where(Invitation.remind_at <= at).order_by(Invitation.remind_at).limit(limit)
    return list(db.session.scalars(chosen))


def claim(invitation: Invitation) -> bool:
    """Take the reminder: whoever changes the row has it."""
    take = (
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.remind_at == invitation.remind_at)
        .values(remind_at=None, reminders_sent=Invitation.reminders_sent + 1)
    )
    return db.session.connection().execute(take).rowcount == 1


def write(invitation: Invitation, *, workspace_id: int, at: datetime) -> None:
    """Put the reminder's letter into the outbox."""
    letters.write(
        "reminder",
        to_address=invitation.stakeholder.email,
        to_name=invitation.stakeholder.name,
        language=invitation.stakeholder.language,
        facts={"invitation_id": invitation.id},
        due_at=at,
        workspace_id=workspace_id,
        wave_id=invitation.wave_id,
    )


def stop(invitation: Invitation) -> None:
    """Send no more reminders to this invitation; once more changes nothing."""
    invitation.wants_no_reminders = True
    invitation.remind_at = None
    db.session.flush()
