"""By what the people of a roster are told apart: the address, or without one the name."""

from collections.abc import Sequence

from sqlalchemy import select

from survey_service.engagements.models import Engagement, Stakeholder
from survey_service.engagements.roster_csv import Person
from survey_service.engagements.roster_words import known_by
from survey_service.foundation.db import db


def addresses(engagement: Engagement) -> frozenset[str]:
    """Everyone's address, of those who have one."""
    return frozenset(email for email, _ in known_people(engagement) if email)


def known(engagement: Engagement) -> frozenset[str]:
    """By what everyone is known, as ``Person.known_by`` has it."""
    return frozenset(email or known_by(None, name) for email, name in known_people(engagement))


def known_people(engagement: Engagement) -> Sequence[tuple[str | None, str]]:
    """Everyone's address, None without one, and name."""
    chosen = select(Stakeholder.email, Stakeholder.name).where(Stakeholder.engagement_id == engagement.id)
    return db.session.execute(chosen).all()


def these(engagement: Engagement, wanted: Sequence[Person]) -> Sequence[Stakeholder]:
    """The records of these people, in the order they were added."""
    chosen = select(Stakeholder).where(
        Stakeholder.engagement_id == engagement.id,
        Stakeholder.email.in_([one.email for one in wanted if one.email])
        | (Stakeholder.email.is_(None) & Stakeholder.name.in_([one.name for one in wanted if not one.email])),
    )
    return db.session.scalars(chosen.order_by(Stakeholder.id)).all()
