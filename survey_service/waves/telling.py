"""Letters at the turns of a wave, written in the transaction that turns it.

Some are written long before they are due: whether there is anything to say is looked up when they leave.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement
from survey_service.foundation.db import db
from survey_service.invitations import contact
from survey_service.invitations.models import Invitation
from survey_service.outbox import letters
from survey_service.waves.models import Amendment, Wave
from survey_service.workspaces import members
from survey_service.workspaces.models import Account

LOW_BEFORE = timedelta(days=3)
#: After launch, when sellers are told of addresses that could not be reached.
UNREACHABLE_AFTER = (timedelta(days=1), timedelta(days=4))
TEXTS_AFTER = timedelta(days=7)


def sellers(
    kind: str, engagement: Engagement, *, at: datetime, wave_id: int | None = None, **facts: object
) -> None:
    """One letter to each owner of the workspace. ``wave_id``: the wave whose close deletes it."""
    for owner in members.owners(engagement.workspace_id):
        letters.write(
            kind,
            to_address=owner.email,
            to_name=owner.name,
            language=owner.language,
            facts={"engagement_id": engagement.id, "account_id": owner.id, **facts},
            due_at=at,
            workspace_id=engagement.workspace_id,
            wave_id=wave_id,
        )


def test_letter(engagement: Engagement, account: Account, *, at: datetime) -> None:
    """The invitation as it would be if it were launched now, to one member alone."""
    letters.write(
        "test-letter",
        to_address=account.email,
        to_name=account.name,
        language=engagement.language,
        facts={"engagement_id": engagement.id, "account_id": account.id},
        due_at=at,
        workspace_id=engagement.workspace_id,
    )


def sellers_in_time(wave: Wave, *, at: datetime) -> None:
    """The letters about few answers and unreachable addresses, for when they may be needed."""
    if low_due(wave) > at:
        sellers("seller-low", wave.engagement, at=low_due(wave), wave_id=wave.id)
    since: datetime | None = None
    for days in UNREACHABLE_AFTER:
        facts = {"since": since.isoformat()} if since else {}
        since = at + days
        if since < wave.closes_at:
            sellers("seller-unreachable", wave.engagement, at=since, wave_id=wave.id, **facts)


def low_due(wave: Wave) -> datetime:
    """When sellers are told that few have answered."""
    return wave.closes_at - LOW_BEFORE


def the_sponsor(kind: str, engagement: Engagement, *, at: datetime, wave_id: int | None = None) -> None:
    """One letter to the sponsor, where there is one; ``wave_id``: whose close deletes it."""
    sponsor = sponsors.of(engagement)
    if sponsor is not None:
        letters.write(
            kind,
            to_address=sponsor.email,
            to_name=sponsor.name,
            language=engagement.language,
            facts={"sponsor_id": sponsor.id},
            due_at=at,
            workspace_id=engagement.workspace_id,
            wave_id=wave_id,
        )


def of_amendment(
    wave: Wave,
    made: Amendment,
    *,
    to_address: str,
    to_name: str,
    at: datetime,
    language: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """That the terms were amended; ``facts``: the recipient's invitation_id or sponsor_id, for their link."""
    letters.write(
        "terms-amended",
        to_address=to_address,
        to_name=to_name,
        language=language or wave.engagement.language,
        facts={"wave_id": wave.id, "amendment": made.number, **(facts or {})},
        due_at=at,
        workspace_id=wave.engagement.workspace_id,
        wave_id=wave.id,
    )


def everyone(kind: str, wave: Wave, *, at: datetime, wave_id: int | None = None, **facts: object) -> int:
    """One letter to each person asked in the wave who has an address and wants letters; how many.

    Used link or not.     ``wave_id``: the wave whose close deletes it.
    """
    workspace_id = wave.engagement.workspace_id
    asked = db.session.scalars(select(Invitation).where(Invitation.wave_id == wave.id)).all()
    reached = contact.reached(workspace_id, [one.stakeholder for one in asked])
    told = [(one, one.stakeholder) for one in asked if one.stakeholder_id in reached]
    for invitation, person in told:
        letters.write(
            kind,
            to_address=reached[person.id],
            to_name=person.name,
            language=person.language,
            facts={"invitation_id": invitation.id, **facts},
            due_at=at,
            workspace_id=workspace_id,
            wave_id=wave_id,
        )
    return len(told)
