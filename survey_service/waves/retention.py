"""Retention: engagements leave the list, and later the tables, by the months their workspace decided on."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from survey_service import journal
from survey_service.engagements.models import Engagement
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.key_directory import KeyDirectory
from survey_service.waves import erasing, telling
from survey_service.waves.models import Release, Wave
from survey_service.workspaces.models import Workspace

#: Between the letter and the erasing, and for how much longer a sponsor may keep.
NOTICE = timedelta(days=30)
KEPT_MONTHS = 12
#: Events that are no use of an engagement.
BY_THE_CLOCK = ("engagement archived", "erasure announced")


class NothingToKeep(Refusal):
    """Nobody wants to erase it."""

    sentence = _l("Nothing of this is going to be erased soon.")


@dataclass(frozen=True)
class Plan:
    """When an engagement leaves the list and when it may be erased, as things are now."""

    archive_at: datetime
    erase_at: datetime
    has_report: bool


def months_later(at: datetime, months: int) -> datetime:
    """The same day so many months later, or the last one of a shorter month."""
    years, month = divmod(at.month - 1 + months, 12)
    day = min(at.day, monthrange(at.year + years, month + 1)[1])
    return at.replace(year=at.year + years, month=month + 1, day=day)


def plan(engagement: Engagement) -> Plan | None:
    """From the last close; where nothing was reported or more is being prepared, from the last thing done.

    None while a survey is open.
    """
    waves = select(Wave.state).where(Wave.engagement_id == engagement.id)
    if any(state in ("open", "closing") for state in db.session.scalars(waves)):
        return None
    last = select(func.max(Release.released_at)).join(Wave).where(Wave.engagement_id == engagement.id)
    released_at = db.session.scalar(last)
    since = released_at if released_at and not engagement.prepares_next else _last_done_at(engagement)
    workspace = db.session.get_one(Workspace, engagement.workspace_id)
    erase_at = months_later(since, workspace.erases_after)
    return Plan(
        archive_at=months_later(since, workspace.archives_after),
        erase_at=max(erase_at, engagement.kept_until or erase_at),
        has_report=released_at is not None,
    )


def _last_done_at(engagement: Engagement) -> datetime:
    last = select(func.max(journal.Entry.at)).where(
        journal.Entry.engagement_id == engagement.id, journal.Entry.event.not_in(BY_THE_CLOCK)
    )
    return db.session.scalar(last) or engagement.created_at


def retain_due(keys: KeyDirectory, *, at: datetime) -> int:
    """Archive, announce and erase what is due; how many were erased.

    Owns its transactions; the caller cleans the pages (foundation/vacuum.py).
    """
    gone = []
    for engagement_id in list(db.session.scalars(select(Engagement.id).order_by(Engagement.id))):
        with transaction():
            is_due = _turn(db.session.get(Engagement, engagement_id), at)
        if is_due:
            _erase(engagement_id, keys, at)
            gone.append(engagement_id)
    return len(gone)


def _turn(engagement: Engagement | None, at: datetime) -> bool:
    """One engagement's turn; whether it is to be erased now."""
    planned = plan(engagement) if engagement else None
    if engagement is None or planned is None:
        return False
    if planned.archive_at > at:
        engagement.archived_at = None
    elif engagement.archived_at is None:
        engagement.archived_at = at
        _note(engagement, "engagement archived", at)
    if planned.erase_at - NOTICE > at:
        engagement.erases_at = None
    elif engagement.erases_at is None:
        _announce(engagement, planned, at)
    return engagement.erases_at is not None and engagement.erases_at <= at


def _announce(engagement: Engagement, planned: Plan, at: datetime) -> None:
    """To the owners; to the sponsor where there is a report, which is the buyer's."""
    engagement.erases_at = max(planned.erase_at, at + NOTICE)
    telling.sellers("seller-erasure", engagement, at=at)
    if planned.has_report:
        telling.the_sponsor("sponsor-erasure", engagement, at=at)
    _note(engagement, "erasure announced", at, erases_at=engagement.erases_at.isoformat())


def _erase(engagement_id: int, keys: KeyDirectory, at: datetime) -> None:
    """Texts, keys, rows, in this order: cut short anywhere, the next turn does the rest."""
    with transaction():
        erasing.forget_texts([engagement_id])
    erasing.keys_of([engagement_id], keys)
    with transaction():
        engagement = db.session.get(Engagement, engagement_id)
        if engagement is not None and engagement.erases_at is not None and engagement.erases_at <= at:
            workspace_id, facts = engagement.workspace_id, {"key": engagement.key}
            erasing.rows([engagement_id])
            journal.note("engagement erased", who="clock", at=at, workspace_id=workspace_id, facts=facts)


def keep_longer(engagement: Engagement, *, at: datetime) -> datetime:
    """The sponsor's word, once erasing is announced: another year from then. Raises NothingToKeep."""
    if engagement.erases_at is None:
        raise NothingToKeep
    engagement.kept_until = months_later(engagement.erases_at, KEPT_MONTHS)
    engagement.erases_at = None
    _note(engagement, "kept longer", at, who="sponsor", until=engagement.kept_until.isoformat())
    return engagement.kept_until


def _note(engagement: Engagement, event: str, at: datetime, *, who: str = "clock", **facts: str) -> None:
    journal.note(
        event,
        who=who,
        at=at,
        workspace_id=engagement.workspace_id,
        engagement_id=engagement.id,
        facts=facts,
    )
