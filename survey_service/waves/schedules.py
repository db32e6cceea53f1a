"""Another schedule of reminders: any before launch; while a survey is open only fewer than were agreed to."""

from datetime import datetime

from survey_service import journal
from survey_service.engagements.models import Engagement
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.invitations import reminders
from survey_service.waves import announce, launch
from survey_service.waves.models import Wave
from survey_service.workspaces import schedule
from survey_service.workspaces.schedule import Schedule


class MoreReminders(Refusal):
    """Days that were not agreed to. Facts: agreed."""

    sentence = _l(
        "While the survey is open, reminders can be left out and none added. People are reminded %(agreed)s."
    )


def of(engagement: Engagement) -> Schedule:
    """Of the wave that stands, else of the one to come."""
    wave = launch.standing_wave(engagement)
    return schedule.read(wave.reminders if wave else engagement.reminders)


def change(engagement: Engagement, new: Schedule, *, who: str, at: datetime) -> None:
    """Remind by another schedule; before launch the sponsor has to approve anew.

    Raises NotOpen, MoreReminders.
    """
    if launch.standing_wave(engagement) is None:
        engagement.reminders = new.written
    else:
        _leave_out(announce.hold_open(engagement, at), new, at)
    journal.note(
        "reminders changed",
        who=who,
        at=at,
        workspace_id=engagement.workspace_id,
        engagement_id=engagement.id,
        facts={"reminders": new.written},
    )


def _leave_out(wave: Wave, new: Schedule, at: datetime) -> None:
    agreed = schedule.read(wave.reminders)
    if set(new.days) - set(agreed.days) or (new.last_day and not agreed.last_day):
        raise MoreReminders(agreed=schedule.said(agreed))
    wave.reminders = new.written
    zone = wave.engagement.time_zone
    reminders.plan_anew(wave.id, wave.launched_at, wave.closes_at, zone, at=at, days=new)
