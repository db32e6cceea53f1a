"""The next wave of an engagement, prepared from a released one; and calling one off unread."""

from datetime import datetime, timedelta

from sqlalchemy import update

from survey_service import journal
from survey_service.answers import box
from survey_service.collection import shelf
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotAllowed, Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.i18n import moment
from survey_service.waves import announce, forgetting, handover, launch, telling
from survey_service.waves import terms as wave_terms
from survey_service.waves.models import CALLED_OFF, Wave
from survey_service.waves.terms import TEXT_RETENTION_DAYS
from survey_service.workspaces.scope import Scope


class NothingReleased(Refusal):
    """A next wave follows a report."""

    sentence = _l("Another wave can be prepared once the last one has closed and its report is made.")


class TextsWait(Refusal):
    """What people wrote is still the sponsor's alone. Facts: until."""

    sentence = _l(
        "The sponsor has yet to read the free texts of the last survey. "
        "Another can be prepared when they have, and from %(until)s on in any case."
    )


def need_preparable(engagement: Engagement, *, at: datetime) -> Wave:
    """The last wave: its report is the seller's, its texts are dealt with, and 14 days have passed.

    Before that nothing of the engagement may change: not who reads what, nor the people two waves are
    compared by. Raises NothingReleased, launch.WaveTooSoon, TextsWait.
    """
    wave = launch.wave_of(engagement)
    release = handover.release_of(wave) if wave is not None and wave.state == "released" else None
    if wave is None or release is None:
        raise NothingReleased
    for obstacle in launch.about_last_wave(engagement, at):
        raise obstacle
    if release.seller_since is None:  # a week overdue: the clock has stood still
        raise NothingReleased
    if handover.has_texts_to_review(wave):
        until = release.released_at + timedelta(days=TEXT_RETENTION_DAYS)
        raise TextsWait(until=moment(until, engagement.time_zone))
    return wave


def prepare(scope: Scope, engagement: Engagement, instrument: str, *, at: datetime) -> None:
    """Open the engagement for its next wave, with the roster as it is now.

    Words, roster and dates may be changed again, the sponsor stays.
    Raises NotAllowed, NotFound, NothingReleased, launch.WaveTooSoon, TextsWait.
    """
    _need_work(scope)
    shelf.need(scope, instrument)
    last = need_preparable(engagement, at=at)
    engagement.prepares_next, engagement.instrument, engagement.closes_at = True, instrument, None
    engagement.archived_at = None
    _note(engagement, "wave prepared", scope, at, last.number + 1)


def leave(scope: Scope, engagement: Engagement, *, at: datetime) -> None:
    """Think again: nothing is prepared any more, the last report and its words stand. Raises NotAllowed."""
    _need_work(scope)
    wave = launch.wave_of(engagement)
    if wave is not None and engagement.prepares_next:
        engagement.prepares_next, engagement.closes_at = False, wave.closes_at
        _take_back_words(engagement, wave)
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


def _take_back_words(engagement: Engagement, wave: Wave) -> None:
    """The words as the wave's terms froze them; a sponsor named where it had none is none again."""
    terms = wave_terms.read(wave.terms, wave.terms_sha256)
    engagement.buyer, engagement.change = terms.buyer, terms.change
    engagement.language, engagement.time_zone = terms.language, terms.time_zone
    engagement.believed_step, engagement.instrument = terms.believed_step, terms.instrument
    engagement.has_no_sponsor = terms.sponsor is None
    if engagement.has_no_sponsor:
        sponsors.settle(engagement, name="", email="")


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
