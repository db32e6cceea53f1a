"""Helping people who were asked: their link once more, and letters that reached somebody else."""

from datetime import datetime, timedelta

from sqlalchemy import select

from survey_service.engagements.models import Stakeholder
from survey_service.foundation.db import db
from survey_service.invitations.models import Invitation
from survey_service.outbox import letters
from survey_service.outbox.models import Dispatch

#: The same link is not sent to the same address more often than this.
APART = timedelta(minutes=10)


def send_again(invitation: Invitation, *, workspace_id: int, at: datetime) -> bool:
    """The link in a letter, whether it was used or not; not if one has just been written. Whether it was."""
    if _has_letter("link-again", invitation, since=at - APART):
        return False
    person = invitation.stakeholder
    letters.write(
        "link-again",
        to_address=person.email,
        to_name=person.name,
        language=person.language,
        facts={"invitation_id": invitation.id},
        due_at=at,
        workspace_id=workspace_id,
        wave_id=invitation.wave_id,
    )
    return True


def asked_at(address: str) -> list[Invitation]:
    """Every invitation of the address, newest first."""
    chosen = select(Invitation).join(Stakeholder).where(Stakeholder.email == address)
    return list(db.session.scalars(chosen.order_by(Invitation.id.desc()).limit(20)))


def _has_letter(kind: str, invitation: Invitation, *, since: datetime) -> bool:
    chosen = select(Dispatch.id).where(
        Dispatch.kind == kind,
        Dispatch.wave_id == invitation.wave_id,
        Dispatch.to_address == invitation.stakeholder.email,
        Dispatch.due_at > since,
    )
    return db.session.scalar(chosen.limit(1)) is not None
