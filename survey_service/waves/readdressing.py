"""Another address for somebody while a survey is open; whoever had none gets reminders from now on."""

from datetime import datetime

from survey_service.foundation import zones
from survey_service.invitations import correcting, reminders
from survey_service.invitations.models import Invitation
from survey_service.waves.models import Wave
from survey_service.workspaces import schedule


def readdress(wave: Wave, invitation: Invitation, email: str, *, at: datetime) -> None:
    """Correct or give the address, by what ``correcting.correct`` asks and raises; used link or not."""
    was_on_paper = invitation.stakeholder.email is None
    engagement = wave.engagement
    correcting.correct(invitation, email, workspace_id=engagement.workspace_id, at=at)
    if was_on_paper:
        zone = zones.known(invitation.stakeholder.time_zone, engagement.time_zone)
        days = schedule.read(wave.reminders)
        reminders.plan(invitation, wave.launched_at, wave.closes_at, zone, after=at, days=days)
