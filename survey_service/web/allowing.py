"""The day's letters of a new workspace, asked for at every door that writes to people outside."""

from survey_service.foundation.clock import now
from survey_service.foundation.installation import installation
from survey_service.workspaces import allowance


def need_letters(workspace_id: int, wanted: int) -> None:
    """Inside the transaction that writes them. Raises TooManyLetters."""
    settings = installation().settings
    allowance.need(
        workspace_id, wanted, limit=settings.new_workspace_limit, operator=settings.operator, at=now()
    )
