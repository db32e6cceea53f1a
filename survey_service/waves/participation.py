"""What anyone may know before close: answers in allowed steps, refreshed once a day, never per group."""

from datetime import datetime
from math import ceil
from zoneinfo import ZoneInfo

from sqlalchemy import select

from survey_service.answers import box
from survey_service.foundation.db import db
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import ngettext
from survey_service.waves import chain
from survey_service.waves.models import Wave

MOST = -1
NOT_SHOWN = -2


def step(answered: int, invited: int) -> int:
    """The allowed step: multiples of max(5, a tenth of those invited); the top one is MOST.

    The top step begins at the last multiple below everyone, so that 'all have answered' is never seen.
    Of five people nothing can be shown without showing that.
    """
    size = max(5, ceil(invited / 10))
    top = (invited - 1) // size * size
    if top == 0:
        return NOT_SHOWN
    reached = answered // size * size
    return MOST if reached >= top else reached


def said(value: int, invited: int) -> str:
    """The step in words."""
    if value == MOST:
        return _("most have answered")
    if value == NOT_SHOWN:
        return _("not shown for so few people")
    if value == 0:
        least = max(5, ceil(invited / 10))
        return ngettext("fewer than %(num)d answer", "fewer than %(num)d answers", least)
    return ngettext("%(num)d answer or more", "%(num)d answers or more", value)


def is_low(value: int, invited: int) -> bool:
    """Whether the step that may be shown is below half of those invited; it alone decides."""
    return value >= 0 and value * 2 < invited


def refresh_due(*, at: datetime) -> int:
    """Bring open waves up to date that were not yet today (in their engagement's zone); how many.

    Sheets are counted, not links: who is erased from the roster, or has used a link, cannot be read from it.
    """
    changed = 0
    for wave in db.session.scalars(select(Wave).where(Wave.state == "open")):
        today = at.astimezone(ZoneInfo(wave.engagement.time_zone)).date()
        if wave.participation_on != today:
            wave.participation = step(box.count(wave.id), chain.current(wave).stakeholders)
            wave.participation_on = today
            changed += 1
    db.session.flush()
    return changed
