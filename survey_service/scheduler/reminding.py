"""Writing the reminders that are due."""

from collections.abc import Callable
from datetime import datetime

from survey_service.foundation import zones
from survey_service.foundation.db import db, transaction
from survey_service.invitations import contact, reminders, schedule
from survey_service.invitations.models import Invitation
from survey_service.waves.models import Wave
from survey_service.workspaces.schedule import read as read_schedule


def remind_due(*, at: datetime, is_stopped: Callable[[], bool] = lambda: False) -> int:
    """Claim and write every reminder that is due; how many were written. Owns its transactions."""
    written = 0
    while not is_stopped() and (found := reminders.due(at)):
        with transaction():
            for invitation in found:
                written += _remind(invitation, at)
    return written


def _remind(invitation: Invitation, at: datetime) -> int:
    """One reminder and the plan for the next; nothing where claimed elsewhere, missed or not needed."""
    wave = db.session.get_one(Wave, invitation.wave_id)
    zone = zones.known(invitation.stakeholder.time_zone, wave.engagement.time_zone)
    is_morning = schedule.is_morning(at, zone)
    if not reminders.claim(invitation, taken=int(is_morning)):
        return 0
    db.session.refresh(invitation)
    if not _is_wanted(invitation, wave, at):
        return 0
    days = read_schedule(wave.reminders)
    reminders.plan(invitation, wave.launched_at, wave.closes_at, zone, after=at, days=days)
    if not is_morning:
        _postpone(invitation, wave, zone, at)
        return 0
    if not reminders.is_asked(invitation):
        return 0
    kind = "last-day" if schedule.is_last_day(at, wave.closes_at, zone) else "reminder"
    reminders.write(invitation, kind, workspace_id=wave.engagement.workspace_id, at=at)
    return 1


def _is_wanted(invitation: Invitation, wave: Wave, at: datetime) -> bool:
    if wave.state != "open" or invitation.spent or invitation.wants_no_reminders or at >= wave.closes_at:
        return False
    address = invitation.stakeholder.email
    return address is not None and not contact.is_refused(wave.engagement.workspace_id, address)


def _postpone(invitation: Invitation, wave: Wave, zone: str, at: datetime) -> None:
    """The server was down in the morning: the next one, unless the next reminder or the close is as near."""
    missed = reminders.next_chance(invitation, at, wave.closes_at, zone, then=invitation.remind_at)
    invitation.remind_at = missed or invitation.remind_at
