"""What owners decide for all of a workspace."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime

from survey_service import journal
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotAllowed, Refusal
from survey_service.foundation.i18n import LANGUAGES
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.workspaces import addresses, members, rules, schedule
from survey_service.workspaces.models import Workspace
from survey_service.workspaces.schedule import Schedule
from survey_service.workspaces.scope import Scope


class ReplyElsewhere(Refusal):
    """Answers would go to strangers."""

    sentence = _l("Answers can only go to your own company: use an address at %(domains)s.")


class ErasedTooSoon(Refusal):
    """Erased before it is archived."""

    sentence = _l("Choose a later time: an engagement is archived first and erased after that.")


@dataclass(frozen=True)
class Choices:
    """A workspace's settings. Empty ``sender`` and ``reply_to``: the workspace's name, the first owner.

    ``languages``: codes; all of them is the same as none. Months count from an engagement's last close.
    """

    name: str
    sender: str
    reply_to: str
    languages: tuple[str, ...]
    reminders: Schedule
    archives_after: int
    erases_after: int
    needs_second_factor: bool


def of(workspace_id: int) -> Choices:
    """What is decided now."""
    workspace = db.session.get_one(Workspace, workspace_id)
    return Choices(
        name=workspace.name,
        sender=workspace.sender or "",
        reply_to=workspace.reply_to or "",
        languages=tuple(offered(workspace_id)),
        reminders=schedule.read(workspace.reminders),
        archives_after=workspace.archives_after,
        erases_after=workspace.erases_after,
        needs_second_factor=workspace.needs_second_factor,
    )


def change(scope: Scope, wanted: Choices, *, at: datetime) -> None:
    """Decide anew; the journal keeps which settings, not what they were.

    Raises NotAllowed, BadAddress, ReplyElsewhere, ErasedTooSoon.
    """
    if not scope.may("manage"):
        raise NotAllowed
    if wanted.erases_after <= wanted.archives_after:
        raise ErasedTooSoon
    before, workspace = of(scope.workspace_id), db.session.get_one(Workspace, scope.workspace_id)
    workspace.name, workspace.sender = wanted.name, wanted.sender or None
    workspace.reply_to = _reply_to(scope, wanted.reply_to)
    workspace.languages = None if set(wanted.languages) >= set(LANGUAGES) else list(wanted.languages) or None
    workspace.reminders = wanted.reminders.written
    workspace.archives_after, workspace.erases_after = wanted.archives_after, wanted.erases_after
    if wanted.needs_second_factor != before.needs_second_factor:
        rules.need_second_factor(scope, wanted.needs_second_factor, at=at)
    db.session.flush()
    _note(scope, before, at)


def _note(scope: Scope, before: Choices, at: datetime) -> None:
    after = of(scope.workspace_id)
    names = [one.name for one in fields(Choices) if one.name != "needs_second_factor"]
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    if changed:
        facts = {"changed": changed}
        journal.note("settings changed", who=scope.who, at=at, workspace_id=scope.workspace_id, facts=facts)


def _reply_to(scope: Scope, typed: str) -> str | None:
    """An address of the members' own domains, so that nobody is sent to a stranger."""
    if not typed:
        return None
    address = addresses.normal(typed)
    domains = members.domains(scope.workspace_id)
    if address.rpartition("@")[2] not in domains:
        raise ReplyElsewhere(domains=", ".join(sorted(domains)))
    return address


def offered(workspace_id: int, *, besides: Collection[str] = ()) -> dict[str, str]:
    """Code -> own name of the languages rosters and engagements may use, and those in use ``besides``."""
    chosen = db.session.get_one(Workspace, workspace_id).languages
    wanted = {*(chosen or LANGUAGES), *besides}
    return {code: name for code, name in LANGUAGES.items() if code in wanted}


def sender(workspace_id: int) -> str | None:
    """The name that letters to stakeholders come from, where one was chosen."""
    return db.session.get_one(Workspace, workspace_id).sender


def reply_to(workspace_id: int) -> str | None:
    """Where an answer to an invitation goes: to the address chosen, else the first owner's; None without."""
    chosen = db.session.get_one(Workspace, workspace_id).reply_to
    owners = members.owners(workspace_id)
    return chosen or (owners[0].email if owners else None)
