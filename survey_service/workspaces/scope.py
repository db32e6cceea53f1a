"""Eyes: nothing is found without them, and a role decides what they may do."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from survey_service.foundation.db import db
from survey_service.workspaces.models import Account, Member, Workspace

#: Act -> the roles that may. tests/promises tries every one.
ACTS = {
    "look": ("owner", "member", "viewer"),
    "work": ("owner", "member"),
    "share": ("owner", "member"),
    "manage": ("owner",),
}


@dataclass(frozen=True)
class Scope:
    """Who is looking, and from which workspace."""

    workspace_id: int
    workspace_key: str
    workspace_name: str
    role: str
    who: str
    has_others: bool = False  #: whether the account belongs to further workspaces
    needs_second_factor: bool = False  #: whether the workspace asks its members for one
    deletes_at: datetime | None = None  #: when the workspace is deleted, if an owner asked for it

    def may(self, act: str) -> bool:
        """Whether the role allows the act; an unknown act raises KeyError."""
        return self.role in ACTS[act]


def _scope(workspace: Workspace, role: str, who: str, *, has_others: bool = False) -> Scope:
    return Scope(
        workspace_id=workspace.id,
        workspace_key=workspace.key,
        workspace_name=workspace.name,
        role=role,
        who=who,
        has_others=has_others,
        needs_second_factor=workspace.needs_second_factor,
        deletes_at=workspace.deletes_at,
    )


def of_account(account: Account, workspace_key: str | None) -> Scope | None:
    """The account's eyes in the workspace last chosen, else in its first; None without any."""
    chosen = select(Member).where(Member.account_id == account.id).order_by(Member.id)
    members = list(db.session.scalars(chosen))
    if not members:
        return None
    member = next((one for one in members if one.workspace.key == workspace_key), members[0])
    return _scope(member.workspace, member.role, account.name, has_others=len(members) > 1)


def of_sponsor(workspace: Workspace, name: str) -> Scope:
    """The eyes of a sponsor, for what sponsor and seller may both do to their one engagement."""
    return _scope(workspace, "member", f"{name} (sponsor)")


def of_operator(workspace: Workspace) -> Scope:
    """The eyes of whoever works at the shell."""
    return _scope(workspace, "owner", "operator")
