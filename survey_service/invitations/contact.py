"""Who wants no letters from a workspace: kept as marks, so that the list is no address book."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import select

from survey_service.engagements.models import Stakeholder
from survey_service.foundation.db import db
from survey_service.invitations.models import NoContact


def refuse(workspace_id: int, address: str) -> None:
    """No letters of this workspace's to the address from now on; once more changes nothing."""
    if not is_refused(workspace_id, address):
        db.session.add(NoContact(workspace_id=workspace_id, mark=mark(workspace_id, address)))
        db.session.flush()


def is_refused(workspace_id: int, address: str) -> bool:
    """Whether the address wants no letters of this workspace's."""
    return bool(refused(workspace_id, [address]))


def refused(workspace_id: int, addresses: Iterable[str]) -> frozenset[str]:
    """Those of the addresses that want no letters of this workspace's."""
    kept = marks(workspace_id)
    return frozenset(address for address in addresses if mark(workspace_id, address) in kept)


def reached(workspace_id: int, people: Iterable[Stakeholder]) -> dict[int, str]:
    """Id -> address of those who have one and want letters of this workspace's; the others are asked on
    paper, or counted and left alone."""
    kept = marks(workspace_id)
    return {one.id: one.email for one in people if one.email and mark(workspace_id, one.email) not in kept}


def marks(workspace_id: int) -> frozenset[str]:
    """The marks of all addresses that want no letters of this workspace's."""
    return frozenset(db.session.scalars(select(NoContact.mark).where(NoContact.workspace_id == workspace_id)))


def mark(workspace_id: int, address: str) -> str:
    """SHA-256; other for each workspace, so that lists cannot be compared."""
    return hashlib.sha256(f"no contact {workspace_id} {address.lower()}".encode()).hexdigest()
