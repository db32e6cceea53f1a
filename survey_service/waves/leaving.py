"""A workspace is deleted whole: asked for by an owner, open to second thoughts for a fortnight, then done."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select

from survey_service import journal
from survey_service.engagements.models import Engagement
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import NotAllowed, Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.key_directory import KeyDirectory
from survey_service.outbox import letters
from survey_service.outbox.models import Dispatch
from survey_service.waves import again, erasing, telling
from survey_service.waves.models import Release, Wave
from survey_service.workspaces import members
from survey_service.workspaces.models import Account, Member, Workspace
from survey_service.workspaces.scope import Scope

log = logging.getLogger(__name__)

GRACE = timedelta(days=14)
#: The letter that a workspace goes -> the one that it stays.
STAYS = {"workspace-leaving": "workspace-stays", "sponsor-leaving": "sponsor-stays"}
TABLES = (*erasing.TABLES, "account", "member", "workspace")


class NameDiffers(Refusal):
    """Typed something else than the workspace's name."""

    sentence = _l("This is not the name of the workspace. Type it as it stands above.")


def ask(scope: Scope, typed: str, *, at: datetime) -> None:
    """Delete the workspace in a fortnight: open surveys are called off now, owners and sponsors are told.

    Asking once more changes nothing. Raises NotAllowed, NameDiffers.
    """
    if not scope.may("manage"):
        raise NotAllowed
    held = select(Workspace).where(Workspace.id == scope.workspace_id).with_for_update()
    workspace = db.session.scalars(held.execution_options(populate_existing=True)).one()
    if " ".join(typed.split()).casefold() != " ".join(workspace.name.split()).casefold():
        raise NameDiffers
    if workspace.deletes_at is not None:
        return
    workspace.deletes_at, workspace.deleted_by = at + GRACE, scope.who
    db.session.flush()
    for engagement in _with_open_wave(workspace.id, at):
        again.call_off(scope, engagement, at=at)
    _tell(workspace, at)
    _note("deletion asked", scope, at)


def call_back(scope: Scope, *, at: datetime) -> None:
    """The workspace stays, and whoever was told is told; what was called off stays called off.

    Raises NotAllowed.
    """
    if not scope.may("manage"):
        raise NotAllowed
    workspace = db.session.get_one(Workspace, scope.workspace_id)
    if workspace.deletes_at is not None:
        _tell_it_stays(workspace, scope.who, at)
        workspace.deletes_at = workspace.deleted_by = None
        _note("deletion called back", scope, at)


def _tell_it_stays(workspace: Workspace, who: str, at: datetime) -> None:
    """To those whose letter about the deletion has left; one that still waits is withdrawn by itself."""
    assert workspace.deletes_at is not None
    chosen = select(Dispatch).where(
        Dispatch.workspace_id == workspace.id,
        Dispatch.kind.in_(STAYS),
        Dispatch.state.not_in(("queued", "given_up")),
        Dispatch.due_at >= workspace.deletes_at - GRACE,
    )
    for told in db.session.scalars(chosen.order_by(Dispatch.id)).all():
        letters.write(
            STAYS[told.kind],
            to_address=told.to_address,
            to_name=told.to_name,
            language=told.language,
            facts={**told.facts, "called_back_by": who},
            due_at=at,
            workspace_id=workspace.id,
        )


def _with_open_wave(workspace_id: int, at: datetime) -> list[Engagement]:
    """Surveys that take answers; one past its closing time is about to be counted, and is."""
    chosen = (
        select(Engagement)
        .join(Wave)
        .where(Engagement.workspace_id == workspace_id, Wave.state == "open", Wave.closes_at > at)
    )
    return list(db.session.scalars(chosen.order_by(Engagement.id)))


def _tell(workspace: Workspace, at: datetime) -> None:
    for owner in members.owners(workspace.id):
        letters.write(
            "workspace-leaving",
            to_address=owner.email,
            to_name=owner.name,
            language=owner.language,
            facts={"account_id": owner.id},
            due_at=at,
            workspace_id=workspace.id,
        )
    with_report = exists().where(Wave.engagement_id == Engagement.id, Release.wave_id == Wave.id)
    chosen = select(Engagement).where(Engagement.workspace_id == workspace.id, with_report)
    for engagement in db.session.scalars(chosen).all():
        telling.the_sponsor("sponsor-leaving", engagement, at=at)


def _note(event: str, scope: Scope, at: datetime) -> None:
    journal.note(event, who=scope.who, at=at, workspace_id=scope.workspace_id)


def delete_due(keys: KeyDirectory, *, at: datetime) -> int:
    """Delete workspaces whose fortnight is over; how many. Owns its transactions; the caller cleans.

    One with a survey that is just being counted waits for the next turn.
    """
    due = select(Workspace.id).where(Workspace.deletes_at <= at)
    return sum(_delete(one, keys, at) for one in list(db.session.scalars(due)))


def _delete(workspace_id: int, keys: KeyDirectory, at: datetime) -> bool:
    """Texts, keys, rows, in this order: cut short anywhere, the next turn does the rest."""
    found = select(Engagement.id).where(Engagement.workspace_id == workspace_id)
    engagements = list(db.session.scalars(found))
    undecided = select(Wave.id).where(
        Wave.engagement_id.in_(engagements), Wave.state.in_(("open", "closing"))
    )
    if db.session.scalar(undecided.limit(1)) is not None:
        return False
    with transaction():
        erasing.forget_texts(engagements)
    erasing.keys_of(engagements, keys)
    with transaction():
        held = select(Workspace).where(Workspace.id == workspace_id, Workspace.deletes_at <= at)
        workspace = db.session.scalar(held.with_for_update())
        if workspace is None:
            return False
        _say_goodbye(workspace, at)
        erasing.rows(engagements)
        _drop(workspace)
    log.warning("a workspace was deleted, as its owner asked a fortnight ago")
    return True


def _say_goodbye(workspace: Workspace, at: datetime) -> None:
    """The one letter that outlives it; the outbox forgets it when it is old."""
    for owner in members.owners(workspace.id):
        letters.write(
            "workspace-gone",
            to_address=owner.email,
            to_name=owner.name,
            language=owner.language,
            facts={"workspace": workspace.name},
            due_at=at,
        )


def _drop(workspace: Workspace) -> None:
    """The workspace with all that hangs on it, and accounts that belong nowhere else."""
    belong = select(Member.account_id).where(Member.workspace_id == workspace.id)
    accounts = list(db.session.scalars(belong))
    db.session.execute(delete(Workspace).where(Workspace.id == workspace.id))
    elsewhere = exists().where(Member.account_id == Account.id)
    db.session.execute(delete(Account).where(Account.id.in_(accounts), ~elsewhere))
    db.session.expire_all()
