"""Writing the reminders that are due."""

from datetime import datetime

from survey_service.foundation.db import db, transaction
from survey_service.invitations import reminders
from survey_service.invitations.models import Invitation
from survey_service.waves.models import Wave


def remind_due(*, at: datetime) -> int:
    """Claim and write every reminder that is due; how many were written. Owns its transactions."""
    written = 0
    while found := reminders.due(at):
        with transaction():
            for invitation in found:
                written += _remind(invitation, at)
    return written


def _remind(invitation: Invitation, at: datetime) -> int:
    """One reminder, and the plan for the next; nothing where claimed elsewhere, late or not needed."""
    due_at = invitation.remind_at
    if due_at is None or not reminders.claim(invitation):
        return 0
    db.session.refresh(invitation)
    wave = db.session.get_one(Wave, invitation.wave_id)
    if wave.state != "open" or invitation.spent or at >= wave.closes_at:
        return 0
    zone = invitation.stakeholder.time_zone or wave.engagement.time_zone
    reminders.plan(invitation, wave.launched_at, wave.closes_at, zone)
    if at - due_at > reminders.STALE:
        return 0
    reminders.write(invitation, workspace_id=wave.engagement.workspace_id, at=at)
    return 1
