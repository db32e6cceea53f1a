"""The next wave of an engagement, prepared from a released one; and calling one off unread."""

from datetime import datetime

from sqlalchemy import update

from survey_service import journal
from survey_service.answers import box
from survey_service.engagements.models import Engagement
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotAllowed, Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.waves import announce, forgetting, launch, telling
from survey_service.waves.models import CALLED_OFF, Wave
from survey_service.workspaces.scope import Scope


class NothingReleased(Refusal):
    """A next wave follows a report."""

    sentence = _l("Another wave can be prepared once the last one has closed and its report is made.")


def prepare(scope: Scope, engagement: Engagement, instrument: str, *, at: datetime) -> None:
    """Open the engagement for its next wave, with the roster as it is now.

    Words, roster and dates may be changed again; launch obeys rule 15. Raises NotAllowed, NothingReleased.
    """
    _need_work(scope)
    wave = launch.wave_of(engagement)
    if wave is None or wave.state != "released":
        raise NothingReleased
    engagement.prepares_next, engagement.instrument, engagement.closes_at = True, instrument, None
    _note(engagement, "wave prepared", scope, at, wave.number + 1)


def leave(scope: Scope, engagement: Engagement, *, at: datetime) -> None:
    """Think again: nothing is prepared any more, the last report stands. Raises NotAllowed."""
    _need_work(scope)
    wave = launch.wave_of(engagement)
    if wave is not None and engagement.prepares_next:
        engagement.prepares_next, engagement.closes_at = False, wave.closes_at
        _note(engagement, "wave not prepared", scope, at, wave.number + 1)


def call_off(scope: Scope, engagement: Engagement, *, at: datetime) -> Wave:
    """End the open wave unread: boxes deleted now, the key by the next tick, everyone told, nothing counted.

    Raises NotAllowed, NotOpen.
    """
    _need_work(scope)
    wave = announce.hold_open(engagement, at)
    claim = update(Wave).where(Wave.id == wave.id, Wave.state == "open")
    if db.session.connection().execute(claim.values(state="lost", trouble=CALLED_OFF)).rowcount != 1:
        raise announce.NotOpen
    db.session.refresh(wave)
    box.empty(wave.id)
    forgetting.who_answered(wave.id)
    telling.everyone("wave-cancelled", wave, at=at)
    telling.the_sponsor("sponsor-cancelled", engagement, at=at)
    _note(engagement, "wave called off", scope, at, wave.number)
    return wave


def _need_work(scope: Scope) -> None:
    if not scope.may("work"):
        raise NotAllowed


def _note(engagement: Engagement, event: str, scope: Scope, at: datetime, number: int) -> None:
    db.session.flush()
    journal.note(
        event,
        who=scope.who,
        at=at,
        workspace_id=engagement.workspace_id,
        engagement_id=engagement.id,
        facts={"wave": number},
    )
