"""What letters to accounts say: their links are good for one purpose and a while."""

from collections.abc import Callable

from survey_service.foundation.db import db
from survey_service.foundation.i18n import day
from survey_service.outbox.delivery import Withdrawn
from survey_service.outbox.models import Dispatch
from survey_service.scheduler.records import Context, Sources, Writer, found, need_address
from survey_service.workspaces import links as account_links
from survey_service.workspaces.models import Account, MemberInvitation, Workspace


def _to_account(path: str, make: Callable[[str, Account], str] | None) -> Writer:
    def context(dispatch: Dispatch, sources: Sources) -> Context:
        account = found(Account, dispatch, "account_id")
        need_address(dispatch, account.email)
        base = sources.installation.settings.base_url
        return {"link": f"{base}{path}{make(sources.installation.settings.secret, account) if make else ''}"}

    return context


def _to_colleague(dispatch: Dispatch, sources: Sources) -> Context:
    asked = found(MemberInvitation, dispatch, "member_invitation_id")
    need_address(dispatch, asked.email)
    token = account_links.invitation_token(sources.installation.settings.secret, asked)
    return {
        "workspace": asked.workspace.name,
        "invited_by": asked.invited_by,
        "link": f"{sources.installation.settings.base_url}/join/{token}",
    }


def _leaving(dispatch: Dispatch, sources: Sources) -> Context:
    """Only while the workspace is to be deleted."""
    need_address(dispatch, found(Account, dispatch, "account_id").email)
    workspace = db.session.get(Workspace, dispatch.workspace_id)
    if workspace is None or workspace.deletes_at is None:
        raise Withdrawn
    return {
        "workspace": workspace.name,
        "asked_by": workspace.deleted_by,
        "erased_on": day(workspace.deletes_at, "UTC"),
        "link": f"{sources.installation.settings.base_url}/desk/settings",
    }


def _stays(dispatch: Dispatch, sources: Sources) -> Context:
    """Only while it stays."""
    need_address(dispatch, found(Account, dispatch, "account_id").email)
    workspace = db.session.get(Workspace, dispatch.workspace_id)
    if workspace is None or workspace.deletes_at is not None:
        raise Withdrawn
    base = sources.installation.settings.base_url
    return {
        "workspace": workspace.name,
        "called_back_by": dispatch.facts["called_back_by"],
        "link": f"{base}/desk/",
    }


def _moving(dispatch: Dispatch, sources: Sources) -> Context:
    """To the new mailbox, while the account waits for its yes."""
    account = found(Account, dispatch, "account_id")
    need_address(dispatch, account.wanted_email or "")
    token = account_links.moving_token(sources.installation.settings.secret, account)
    return {
        "name": account.name,
        "old_address": account.email,
        "link": f"{sources.installation.settings.base_url}/new-address/{token}",
    }


def _taken(dispatch: Dispatch, sources: Sources) -> Context:
    """To a mailbox that has an account; whose it would have become is not said."""
    need_address(dispatch, found(Account, dispatch, "account_id").wanted_email or "")
    return {"link": f"{sources.installation.settings.base_url}/sign-in"}


def _moved(_: Dispatch, sources: Sources) -> Context:
    """To the old mailbox, which has no account any more."""
    return {"operator": sources.installation.settings.operator}


def _gone(dispatch: Dispatch, sources: Sources) -> Context:
    """Nothing is left to look up."""
    return {"workspace": dispatch.facts["workspace"]}


WRITERS: dict[str, Writer] = {
    "confirm-address": _to_account("/confirm/", account_links.confirm_token),
    "already-registered": _to_account("/sign-in", None),
    "reset-password": _to_account("/reset/", account_links.reset_token),
    "password-changed": _to_account("/forgotten-password", None),
    "confirm-new-address": _moving,
    "address-taken": _taken,
    "address-changing": _to_account("/forgotten-password", None),
    "address-changed": _moved,
    "member-invitation": _to_colleague,
    "workspace-leaving": _leaving,
    "workspace-gone": _gone,
    "workspace-stays": _stays,
}
