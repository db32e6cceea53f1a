"""What each letter says: looked up when it is sent, links made then, so that the outbox holds none."""

from collections.abc import Callable, Mapping
from datetime import datetime
from email.message import EmailMessage

from survey_service.foundation.i18n import speaking
from survey_service.foundation.installation import Installation
from survey_service.invitations import contact
from survey_service.outbox import letters
from survey_service.outbox.delivery import Withdrawn
from survey_service.outbox.models import Dispatch
from survey_service.scheduler import to_accounts, to_sellers, to_sponsors, to_stakeholders, wave_letters
from survey_service.scheduler.records import Context, Writer
from survey_service.workspaces import look as looks

#: Kind of letter -> what looks its facts up; each raises Withdrawn where the cause is gone.
WRITERS: Mapping[str, Writer] = {
    **to_stakeholders.WRITERS,
    **wave_letters.WRITERS,
    **to_sponsors.WRITERS,
    **to_sellers.WRITERS,
    **to_accounts.WRITERS,
}


def renderer(installation: Installation, *, at: datetime) -> Callable[[Dispatch], EmailMessage]:
    """A function from a dispatch to the letter that leaves; it raises Withdrawn, or NotNow to wait."""

    def render(dispatch: Dispatch) -> EmailMessage:
        _need_wanted(dispatch)
        with speaking(dispatch.language):
            facts = WRITERS[dispatch.kind](dispatch, installation, at)
        context = {"recipient_name": dispatch.to_name, "logo": _logo(dispatch, facts), **facts}
        return letters.compose(dispatch, context, mail_from=installation.settings.mail_from, at=at)

    return render


def _logo(dispatch: Dispatch, facts: Context) -> bytes | None:
    """The workspace's logo as it is now, in letters that name the workspace."""
    if dispatch.workspace_id is None or "workspace" not in facts:
        return None
    return looks.of(dispatch.workspace_id).logo


def _need_wanted(dispatch: Dispatch) -> None:
    """Whoever wants no letters from a workspace gets none but what they ask for themselves."""
    workspace_id = dispatch.workspace_id
    if "invitation_id" not in dispatch.facts or workspace_id is None or dispatch.kind == "link-again":
        return
    if contact.is_refused(workspace_id, dispatch.to_address):
        raise Withdrawn
