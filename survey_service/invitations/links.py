"""Personal links of stakeholders: found by id, believed by their seal."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from survey_service.foundation.db import db
from survey_service.foundation.errors import NotFound
from survey_service.foundation.key_directory import Links
from survey_service.invitations.models import Invitation

PURPOSE = "invitation"
# Built once: building it takes longer than answering it.
WITH_PEOPLE = (
    select(Invitation)
    .options(joinedload(Invitation.stakeholder, innerjoin=True))
    .where(Invitation.id.in_(bindparam("numbers", expanding=True)))
)


def token(links: Links, invitation: Invitation) -> str:
    """The 24 characters that open the invitation's page."""
    return links.token(PURPOSE, bytes.fromhex(invitation.link), invitation.link_version)


def with_people(numbers: Collection[int]) -> Sequence[Invitation]:
    """Invitations by their numbers, each with its stakeholder, in one query."""
    return db.session.scalars(WITH_PEOPLE, {"numbers": list(numbers)}).all() if numbers else []


def identity(links: Links, text: str) -> str:
    """Under which ``link`` the invitation of a token would be kept. Raises NotFound for no token at all."""
    found = links.identity(text)
    if found is None:
        raise NotFound
    return found.hex()


def is_genuine(links: Links, text: str, version: int) -> bool:
    """Whether the token was made here, for the invitation as it stands. Raises KeyMissing."""
    return links.is_genuine(text, PURPOSE, version)
