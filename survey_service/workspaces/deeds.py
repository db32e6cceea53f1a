"""What somebody did to their own account, as every workspace they belong to writes it down."""

from datetime import datetime

from survey_service import journal
from survey_service.foundation.db import db
from survey_service.workspaces import members
from survey_service.workspaces.models import Account


def of_account(event: str, account: Account, *, at: datetime, who: str | None = None) -> None:
    """One line in each of the account's workspaces; ``who``: somebody else who did it, as the operator.

    Neither the address nor anything secret is written down.
    """
    db.session.flush()
    facts = {"name": account.name} if who else None
    for member in members.of_account(account):
        journal.note(event, who=who or account.name, at=at, workspace_id=member.workspace_id, facts=facts)
