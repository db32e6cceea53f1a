"""Letters at the turns of a wave, written in the transaction that turns it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement
from survey_service.outbox import letters
from survey_service.waves.models import Amendment, Wave
from survey_service.workspaces import members


def sellers(kind: str, engagement: Engagement, *, at: datetime) -> None:
    """One letter to each owner of the workspace."""
    for owner in members.owners(engagement.workspace_id):
        letters.write(
            kind,
            to_address=owner.email,
            to_name=owner.name,
            language=owner.language,
            facts={"engagement_id": engagement.id, "account_id": owner.id},
            due_at=at,
            workspace_id=engagement.workspace_id,
        )


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
