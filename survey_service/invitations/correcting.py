"""An address turns out to be wrong: the new one gets a letter of its own, and the old link is void."""

from datetime import datetime

from sqlalchemy import delete

from survey_service.engagements import addresses
from survey_service.foundation.db import db
from survey_service.invitations import sending
from survey_service.invitations.models import Invitation
from survey_service.outbox.models import Dispatch


def correct(invitation: Invitation, email: str, *, workspace_id: int, at: datetime) -> None:
    """Give the stakeholder another address and ask there.

    Rule 14: always accepted and answered alike, whether the link has been used or not; a used one keeps its
    receipts' pages, and the letter, finding it used, does not leave. Raises AddressRefused.
    """
    person = invitation.stakeholder
    old, person.email = person.email, addresses.read_address(email).email
    if not invitation.spent:
        invitation.link_version += 1
    invitation.wants_no_reminders = False
    db.session.execute(
        delete(Dispatch).where(
            Dispatch.wave_id == invitation.wave_id,
            Dispatch.to_address == old,
            Dispatch.state.in_(("queued", "given_up", "uncertain")),
        )
    )
    sending.write(invitation, person, workspace_id=workspace_id, at=at)
    db.session.flush()
