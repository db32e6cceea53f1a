"""An address turns out to be wrong: the new one gets a letter of its own, and the old link is void."""

from datetime import datetime

from sqlalchemy import delete, select

from survey_service.engagements import addresses
from survey_service.engagements.models import Stakeholder
from survey_service.engagements.roster_words import PUBLIC_PROVIDERS
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.invitations import sending
from survey_service.invitations.models import Invitation
from survey_service.outbox.models import Dispatch
from survey_service.workspaces import members


class TakenAlready(Refusal):
    """Somebody else of the roster has it."""

    sentence = _l("%(email)s is on this roster already.")


class FromTheSeller(Refusal):
    """Rule 12: nobody of the selling company is asked."""

    sentence = _l("%(email)s belongs to your own company. Only people of the buying organisation are asked.")


class OtherDomain(Refusal):
    """A link would go to a mailbox that the buying organisation does not look after."""

    sentence = _l(
        "Only the part before the @ can be corrected here, and no address at a public mail provider. "
        "For any other change, ask the sponsor or the operator."
    )


class UnknownDomain(Refusal):
    """Nobody else of the roster has a mailbox there."""

    sentence = _l(
        "Only an address of the buying organisation can be given here: one that ends like another on this "
        "roster, and none at a public mail provider. For any other, ask the sponsor or the operator."
    )


def correct(invitation: Invitation, email: str, *, workspace_id: int, at: datetime) -> None:
    """Give the stakeholder another address and ask there.

    Somebody asked on paper so far gets letters and reminders from now on, and the printed link is void.
    Rule 14: accepted or refused, and answered, by the addresses alone: whether the link has been used or not,
    the old one is void and the same letter leaves. Raises AddressRefused, FromTheSeller, OtherDomain,
    TakenAlready.
    """
    person = invitation.stakeholder
    old, person.email = person.email, _checked(person, email, workspace_id)
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


def _checked(person: Stakeholder, email: str, workspace_id: int) -> str:
    """The address, if it may stand on this roster for this person."""
    address = addresses.read_address(email)
    owned = addresses.owned_domains(f"x@{domain}" for domain in members.domains(workspace_id))
    if addresses.is_within(address.domain, owned):
        raise FromTheSeller(email=address.email)
    if person.email is None:
        if address.domain in PUBLIC_PROVIDERS or address.domain not in _domains(person.engagement_id):
            raise UnknownDomain
    elif address.domain in PUBLIC_PROVIDERS or address.domain != person.email.rpartition("@")[2]:
        raise OtherDomain
    same = select(Stakeholder.id).where(
        Stakeholder.engagement_id == person.engagement_id,
        Stakeholder.email == address.email,
        Stakeholder.id != person.id,
    )
    if db.session.scalar(same) is not None:
        raise TakenAlready(email=address.email)
    return address.email


def _domains(engagement_id: int) -> set[str]:
    """What follows the @ in the addresses of a roster."""
    chosen = select(Stakeholder.email).where(
        Stakeholder.engagement_id == engagement_id, Stakeholder.email.is_not(None)
    )
    return {str(email).rpartition("@")[2] for email in db.session.scalars(chosen)}
