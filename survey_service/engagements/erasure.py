"""Erasing a person: who they are and what was written to them goes; what they sent, nobody can find."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select

from survey_service import journal
from survey_service.engagements.models import Engagement, Stakeholder
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.outbox.models import Dispatch


class NotOnRoster(Refusal):
    """Nobody of that address."""

    sentence = _l("Nobody on this roster has that address, and nobody without one has that name.")


def is_called(words: str) -> ColumnElement[bool]:
    """Of somebody with this address, or with this name and no address; case aside."""
    plain = words.strip()
    by_name = Stakeholder.email.is_(None) & (func.lower(Stakeholder.name) == func.lower(plain))
    return (func.lower(Stakeholder.email) == plain.lower()) | by_name


def erase(engagement: Engagement, email: str, *, who: str, at: datetime) -> None:
    """Delete the person, their invitation and letters; the terms keep an empty place. Raises NotOnRoster.

    ``email``: the address, or the name of somebody who has none.

    A sheet they sent stays sealed and counts: to take it back one needs the receipt, before this.
    """
    chosen = select(Stakeholder.id).where(Stakeholder.engagement_id == engagement.id, is_called(email))
    person_id = db.session.scalar(chosen)
    if person_id is None:
        raise NotOnRoster
    person = db.session.get_one(Stakeholder, person_id)
    if person.email is not None:
        written = Dispatch.workspace_id == engagement.workspace_id, Dispatch.to_address == person.email
        db.session.execute(delete(Dispatch).where(*written))
    db.session.execute(delete(Stakeholder).where(Stakeholder.id == person_id))
    db.session.expire_all()
    journal.note(
        "person erased", who=who, at=at, workspace_id=engagement.workspace_id, engagement_id=engagement.id
    )
