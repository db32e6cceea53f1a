"""Whoever lost their letter: the link once more, to the address it was sent to and nowhere else."""

from datetime import datetime

from survey_service.foundation.db import db
from survey_service.invitations import helping
from survey_service.waves.models import Wave


def send_again(address: str, *, at: datetime) -> int:
    """A letter for each open wave that asks the address, used link or not; how many. Nobody else is told."""
    written = 0
    for invitation in helping.asked_at(address):
        wave = db.session.get_one(Wave, invitation.wave_id)
        if wave.state == "open" and at < wave.closes_at:
            workspace_id = wave.engagement.workspace_id
            written += helping.send_again(invitation, workspace_id=workspace_id, at=at)
    return written
