"""Changing what may be changed until launch only."""

from survey_service.engagements import desk
from survey_service.engagements.models import Engagement
from survey_service.waves import launch as launching
from survey_service.web.audiences import need


def unlaunched(key: str) -> Engagement:
    """The engagement, for a page that changes it. Raises NotFound, NotAllowed, Launched."""
    engagement = desk.find(need("work"), key)
    desk.need_unlaunched(engagement, launched=launching.standing_wave(engagement) is not None)
    return engagement


def hold_unlaunched(key: str) -> Engagement:
    """The same inside a transaction: locked, so that a launch at the same moment waits."""
    engagement = desk.hold(need("work"), key)
    desk.need_unlaunched(engagement, launched=launching.standing_wave(engagement) is not None)
    return engagement
