"""What a workspace asks of its members."""

from datetime import datetime

from survey_service import journal
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.workspaces.models import Workspace
from survey_service.workspaces.scope import Scope


class TurnItOnFirst(Refusal):
    """Whoever asks it of others has one."""

    sentence = _l("Turn your own second factor on first; otherwise you would lock yourself out.")


def need_second_factor(scope: Scope, is_needed: bool, *, at: datetime) -> None:
    """Members without a second factor see their account page only, from their next click on."""
    db.session.get_one(Workspace, scope.workspace_id).needs_second_factor = is_needed
    journal.note(
        "sign-in rule changed",
        who=scope.who,
        at=at,
        workspace_id=scope.workspace_id,
        facts={"needs_second_factor": is_needed},
    )
