"""The report for all who were asked: a letter each, by one share link of the sponsor's, once a wave."""

from datetime import datetime
from typing import Final

from sqlalchemy import select

from survey_service import journal
from survey_service.foundation.db import db
from survey_service.foundation.i18n import gettext as _
from survey_service.journal import Entry
from survey_service.reports import shares
from survey_service.waves import telling
from survey_service.waves.models import Wave

DAYS: Final = 90
EVENT: Final = "report sent to all"


def is_sent(wave: Wave) -> bool:
    """Whether the sponsor has sent this wave's report to all."""
    chosen = select(Entry).where(Entry.engagement_id == wave.engagement_id, Entry.event == EVENT)
    return any(entry.facts.get("wave") == wave.number for entry in db.session.scalars(chosen))


def send(wave: Wave, *, who: str, at: datetime) -> int:
    """Write to everyone asked in the wave; how many, 0 where it was sent before."""
    if is_sent(wave):
        return 0
    engagement = wave.engagement
    made = shares.share(engagement, label=_("Everyone asked"), days=DAYS, who=who, from_sponsor=True, at=at)
    count = telling.everyone("report-for-all", wave, at=at, share_id=made.id)
    journal.note(
        EVENT,
        who=who,
        at=at,
        workspace_id=engagement.workspace_id,
        engagement_id=engagement.id,
        facts={"wave": wave.number, "letters": count},
    )
    return count
