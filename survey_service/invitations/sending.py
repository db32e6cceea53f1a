"""Asking everyone: one invitation and one letter for each stakeholder."""

from collections.abc import Sequence
from datetime import datetime

from survey_service.engagements.models import Stakeholder
from survey_service.foundation.db import db
from survey_service.foundation.tokens import fresh_identity
from survey_service.invitations.models import Invitation
from survey_service.outbox import letters


def invite_all(people: Sequence[Stakeholder], *, wave_id: int) -> list[Invitation]:
    """New invitations for a wave, one for each stakeholder, flushed."""
    invitations = [
        Invitation(
            wave_id=wave_id, stakeholder_id=person.id, group_name=person.group.name, link=fresh_identity()
        )
        for person in people
    ]
    db.session.add_all(invitations)
    db.session.flush()
    return invitations


def write(invitation: Invitation, person: Stakeholder, *, workspace_id: int, at: datetime) -> None:
    """Put the invitation's letter into the outbox; its link is made when it is sent. On paper: nothing."""
    if person.email is None:
        return
    letters.write(
        "invitation",
        to_address=person.email,
        to_name=person.name,
        language=person.language,
        facts={"invitation_id": invitation.id},
        due_at=at,
        workspace_id=workspace_id,
        wave_id=invitation.wave_id,
    )
