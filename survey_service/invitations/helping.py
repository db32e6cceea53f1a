"""Helping people who were asked: their link once more, and letters that reached somebody else."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement, Stakeholder
from survey_service.foundation.db import db
from survey_service.invitations.models import Invitation
from survey_service.outbox import letters
from survey_service.outbox.letters import UNSEEN
from survey_service.outbox.models import Dispatch
from survey_service.workspaces import members

#: The same link is not sent to the same address more often than this.
APART = timedelta(minutes=10)
LONGEST_SUGGESTION = 200


def send_again(invitation: Invitation, *, workspace_id: int, at: datetime) -> bool:
    """The link in a letter, whether it was used or not; not if one has just been written. Whether it was."""
    person = invitation.stakeholder
    if person.email is None or _has_letter("link-again", invitation, since=at - APART):
        return False
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


def tell_wrong_person(invitation: Invitation, *, suggestion: str, at: datetime) -> None:
    """Tell the sponsor, else the sellers, that the address should be another's; once for each address.

    ``suggestion``: whom to ask instead, in the reader's own words; control characters go, the rest is cut.
    """
    engagement = db.session.get_one(Engagement, invitation.stakeholder.engagement_id)
    if _is_told(invitation):
        return
    shown = " ".join(UNSEEN.sub(" ", suggestion).split())[:LONGEST_SUGGESTION]
    facts = {
        "engagement_id": engagement.id,
        "address": _named(invitation),
        "suggestion": shown,
    }
    for address, name, language, whose in _keepers(engagement):
        letters.write(
            "wrong-person",
            to_address=address,
            to_name=name,
            language=language,
            facts={**facts, **whose},
            due_at=at,
            workspace_id=engagement.workspace_id,
            wave_id=invitation.wave_id,
        )


def _keepers(engagement: Engagement) -> Iterator[tuple[str, str, str, dict[str, int]]]:
    """Who looks after the list: address, name, language, and their record."""
    sponsor = sponsors.of(engagement)
    if sponsor is not None:
        yield sponsor.email, sponsor.name, engagement.language, {"sponsor_id": sponsor.id}
        return
    for owner in members.owners(engagement.workspace_id):
        yield owner.email, owner.name, owner.language, {"account_id": owner.id}


def _is_told(invitation: Invitation) -> bool:
    told = select(Dispatch).where(Dispatch.kind == "wrong-person", Dispatch.wave_id == invitation.wave_id)
    return any(letter.facts["address"] == _named(invitation) for letter in db.session.scalars(told))


def _named(invitation: Invitation) -> str:
    """Whom the list names: the address, or on paper the name."""
    return invitation.stakeholder.email or invitation.stakeholder.name


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
