"""After a wave nothing may say who answered: not the flags, not the reminders, not the letters."""

from sqlalchemy import delete, update

from survey_service.foundation.db import db
from survey_service.invitations.models import Invitation
from survey_service.outbox.models import Dispatch
from survey_service.waves.models import Proposal

#: Tables whose pages are cleaned after a close. Counts of a minute (outbox/paces.py) name mail hosts: where
#: one person has a host of their own, an old row would tell that they were reminded.
TABLES = ("invitation", "dispatch", "proposal", "minute_count")


def who_answered(wave_id: int) -> None:
    """Make every invitation of the wave look alike, and delete what was sent for it."""
    alike = {"spent": False, "remind_at": None, "reminders_sent": 0}
    db.session.execute(update(Invitation).where(Invitation.wave_id == wave_id).values(**alike))
    db.session.execute(delete(Dispatch).where(Dispatch.wave_id == wave_id))
    db.session.execute(delete(Proposal).where(Proposal.wave_id == wave_id))
