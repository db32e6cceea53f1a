"""Personal links of stakeholders: found by id, believed by their seal."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from survey_service.foundation.db import db
from survey_service.foundation.errors import NotFound
from survey_service.foundation.key_directory import Links
from survey_service.invitations.models import Invitation

PURPOSE = "invitation"


def token(links: Links, invitation: Invitation) -> str:
    """The 24 characters that open the invitation's page."""
    return links.token(PURPOSE, bytes.fromhex(invitation.link), invitation.link_version)


def with_people(numbers: Collection[int]) -> Sequence[Invitation]:
    """Invitations by their numbers, each with its stakeholder, in one query."""
    chosen = select(Invitation).options(joinedload(Invitation.stakeholder, innerjoin=True))
    return db.session.scalars(chosen.where(Invitation.id.in_(numbers))).all()


def find(links: Links, text: str) -> Invitation:
    """The invitation a token opens. Raises NotFound, whatever is wrong with it, and KeyMissing."""
    identity = links.identity(text)
    if identity is None:
        raise NotFound
    chosen = select(Invitation).options(joinedload(Invitation.stakeholder, innerjoin=True))
    found = db.session.scalar(chosen.where(Invitation.link == identity.hex()))
    if found is None or not links.is_genuine(text, PURPOSE, found.link_version):
        raise NotFound
    return found
