"""Letters at the turns of a wave, written in the transaction that turns it."""

from datetime import datetime

from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement
from survey_service.outbox import letters
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


def the_sponsor(kind: str, engagement: Engagement, *, at: datetime) -> None:
    """One letter to the sponsor, where there is one."""
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
        )
