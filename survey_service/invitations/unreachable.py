"""Addresses whose invitation was given up; counted from invitations alone, never from reminders."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select

from survey_service.engagements.models import Stakeholder
from survey_service.foundation.db import db
from survey_service.invitations.models import Invitation
from survey_service.outbox.models import Dispatch


def count(wave_id: int, *, since: datetime | None = None) -> int:
    """How many of the wave's addresses could not be reached; ``since``: given up then or later."""
    given_up = _given_up(wave_id)
    if since is not None:
        given_up = given_up.where(Dispatch.due_at >= since)
    return db.session.scalar(select(func.count()).select_from(given_up.subquery())) or 0


def invitations(wave_id: int) -> Sequence[Invitation]:
    """Whose addresses they are, and those said to be somebody else's, by name; not those corrected since."""
    named = _somebody_elses(wave_id)
    chosen = (
        select(Invitation)
        .join(Stakeholder, Invitation.stakeholder_id == Stakeholder.id)
        .where(
            Invitation.wave_id == wave_id,
            Stakeholder.email.in_(_given_up(wave_id))
            | Stakeholder.email.in_(named)
            | (Stakeholder.email.is_(None) & Stakeholder.name.in_(named)),
        )
    )
    return db.session.scalars(chosen.order_by(Stakeholder.name, Stakeholder.id)).all()


def _somebody_elses(wave_id: int) -> list[str]:
    told = select(Dispatch).where(Dispatch.wave_id == wave_id, Dispatch.kind == "wrong-person")
    return [str(letter.facts["address"]) for letter in db.session.scalars(told)]


def _given_up(wave_id: int) -> Select[str]:
    """A letter given up keeps in ``due_at`` when that was."""
    return (
        select(Dispatch.to_address)
        .where(Dispatch.wave_id == wave_id, Dispatch.kind == "invitation", Dispatch.state == "given_up")
        .distinct()
    )
