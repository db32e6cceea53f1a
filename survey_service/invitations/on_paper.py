"""People without an e-mail address: asked by a letter on paper, which only whoever runs the server prints."""

from collections.abc import Sequence

from sqlalchemy import func, select

from survey_service.engagements.models import Engagement, Stakeholder
from survey_service.foundation.db import db
from survey_service.invitations.models import Invitation


def count(engagement: Engagement) -> int:
    """How many of the roster have no address."""
    chosen = select(func.count()).where(
        Stakeholder.engagement_id == engagement.id, Stakeholder.email.is_(None)
    )
    return db.session.scalar(chosen) or 0


def people(engagement: Engagement) -> Sequence[Stakeholder]:
    """Those of the roster who have no address, by name."""
    chosen = select(Stakeholder).where(
        Stakeholder.engagement_id == engagement.id, Stakeholder.email.is_(None)
    )
    return db.session.scalars(chosen.order_by(Stakeholder.name, Stakeholder.id)).all()


def invitations(wave_id: int) -> Sequence[Invitation]:
    """Those of the wave, by name; whether a link was used plays no part."""
    chosen = (
        select(Invitation)
        .join(Stakeholder, Invitation.stakeholder_id == Stakeholder.id)
        .where(Invitation.wave_id == wave_id, Stakeholder.email.is_(None))
    )
    return db.session.scalars(chosen.order_by(Stakeholder.name, Stakeholder.id)).all()
