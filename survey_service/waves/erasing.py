"""Erasing engagements whole: letters withdrawn, texts and their key first, then every row."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select

from survey_service import journal
from survey_service.answers import box, review
from survey_service.engagements.models import Engagement, Sponsor
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.key_directory import KeyDirectory
from survey_service.invitations.models import Invitation
from survey_service.outbox.models import Dispatch
from survey_service.waves import keeping
from survey_service.waves.close import review_key
from survey_service.waves.models import Wave
from survey_service.workspaces.scope import Scope

#: Tables whose pages are cleaned after erasing: those that hold people, or what they were told.
TABLES = (*box.TABLES, "stakeholder", "sponsor", "invitation", "dispatch", "engagement", "journal")


class HasBeenLaunched(Refusal):
    """People were asked; what was promised to them and to the buyer stands."""

    sentence = _l(
        "People have been asked in this engagement. It can be called off while the survey is open, "
        "and is erased by the timetable of the workspace."
    )


def discard(scope: Scope, engagement: Engagement, *, at: datetime) -> None:
    """Erase an engagement nobody was ever asked in; the caller has checked the role. Raises HasBeenLaunched.

    The row is locked first, so that a launch at the same moment comes before or finds nothing.
    """
    db.session.execute(select(Engagement.id).where(Engagement.id == engagement.id).with_for_update())
    need_never_launched(engagement)
    journal.note(
        "engagement discarded",
        who=scope.who,
        at=at,
        workspace_id=engagement.workspace_id,
        facts={"key": engagement.key},
    )
    rows([engagement.id])


def need_never_launched(engagement: Engagement) -> None:
    """Raises HasBeenLaunched."""
    if db.session.scalar(select(Wave.id).where(Wave.engagement_id == engagement.id).limit(1)) is not None:
        raise HasBeenLaunched


def keys_of(engagement_ids: Sequence[int], keys: KeyDirectory) -> None:
    """Destroy what could still open anything of their waves; the rows that say so stand until then.

    Raises RuntimeError while one of them is open: nobody's answers are thrown away unsaid.
    """
    waves = db.session.scalars(select(Wave).where(Wave.engagement_id.in_(engagement_ids))).all()
    if any(wave.state in ("open", "closing") for wave in waves):
        raise RuntimeError("an engagement with an open survey is not erased")
    for wave in waves:
        keeping.destroy(wave.key, keys)
        keys.destroy(review_key(wave.key))


def forget_texts(engagement_ids: Sequence[int]) -> None:
    """Delete texts that still wait for a sponsor; committed before their key goes."""
    for wave_id in db.session.scalars(select(Wave.id).where(Wave.engagement_id.in_(engagement_ids))).all():
        review.forget(wave_id)


def rows(engagement_ids: Sequence[int]) -> None:
    """Every row of the engagements, and every letter about them, waiting or sent."""
    for wave_id in db.session.scalars(select(Wave.id).where(Wave.engagement_id.in_(engagement_ids))).all():
        box.empty(wave_id)
    db.session.execute(delete(Dispatch).where(_is_about(engagement_ids)))
    db.session.execute(delete(Engagement).where(Engagement.id.in_(engagement_ids)))
    db.session.expire_all()


def _is_about(engagement_ids: Sequence[int]) -> ColumnElement[bool]:
    waves = select(Wave.id).where(Wave.engagement_id.in_(engagement_ids))
    asked = select(Invitation.id).where(Invitation.wave_id.in_(waves))
    seats = select(Sponsor.id).where(Sponsor.engagement_id.in_(engagement_ids))
    facts = Dispatch.facts
    return or_(
        Dispatch.wave_id.in_(waves),
        facts["engagement_id"].as_integer().in_(engagement_ids),
        facts["invitation_id"].as_integer().in_(asked),
        facts["sponsor_id"].as_integer().in_(seats),
    )
