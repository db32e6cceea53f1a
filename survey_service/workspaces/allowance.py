"""How many people a workspace nobody vouches for may write to in a day: sign-up is no spam relay."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.outbox.models import Dispatch
from survey_service.workspaces.models import Workspace

DAY = timedelta(days=1)
#: Letters the workspace itself causes; none whose being written, or being there, depends on answers.
CAUSED = (
    "invitation",
    "member-invitation",
    "sponsor-approval",
    "sponsor-named",
    "sponsor-people",
    "terms-amended",
    "test-letter",
    "wave-cancelled",
)


class TooManyLetters(Refusal):
    """More letters than a workspace may send that the operator has not lifted the limit for."""

    sentence = _l(
        "A new workspace may write to %(limit)d people a day, and this would be more. "
        "Ask %(operator)s to lift the limit for your workspace."
    )


def need(workspace_id: int, wanted: int, *, limit: int | None, operator: str, at: datetime) -> None:
    """Raises TooManyLetters where ``wanted`` more today would be beyond the limit; None is no limit."""
    if limit is None or db.session.get_one(Workspace, workspace_id).is_trusted:
        return
    counted = (
        select(func.count())
        .select_from(Dispatch)
        .where(Dispatch.workspace_id == workspace_id, Dispatch.kind.in_(CAUSED), Dispatch.due_at > at - DAY)
    )
    if (db.session.scalar(counted) or 0) + wanted > limit:
        raise TooManyLetters(limit=limit, operator=operator)


def trust(workspace: Workspace) -> None:
    """The operator vouches for it."""
    workspace.is_trusted = True
    db.session.flush()
