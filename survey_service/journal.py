"""Who did what, when; never anything about answers."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from survey_service.foundation.db import Base, Moment, db
from survey_service.foundation.i18n import lazy_gettext as _l


class Entry(Base):
    """One line of the journal."""

    __tablename__ = "journal"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    at: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str] = mapped_column(comment="a member's name, 'sponsor', 'operator' or 'clock'")
    event: Mapped[str] = mapped_column(comment="one of EVENTS")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    workspace_id: Mapped[int | None] = mapped_column(
        ForeignKey("workspace.id", ondelete="CASCADE"), index=True
    )
    engagement_id: Mapped[int | None] = mapped_column(
        ForeignKey("engagement.id", ondelete="CASCADE"), index=True, default=None
    )


#: Everything that is ever written down, and how it reads. docs/operations.md explains each.
EVENTS: Mapping[str, Any] = {
    "workspace made": _l("Workspace made"),
    "member joined": _l("Member joined"),
    "member invited": _l("A colleague invited"),
    "invitation taken back": _l("An invitation to join taken back"),
    "role changed": _l("A member’s role changed"),
    "member removed": _l("A member removed"),
    "password changed": _l("Password changed"),
    "address changed": _l("Own e-mail address changed"),
    "second factor on": _l("Second factor turned on"),
    "second factor off": _l("Second factor turned off"),
    "sign-in rule changed": _l("Rule for signing in changed"),
    "settings changed": _l("Settings of the workspace changed"),
    "look changed": _l("Logo or colour changed"),
    "instrument made": _l("An instrument of our own made"),
    "instrument changed": _l("An instrument of our own changed"),
    "instrument deleted": _l("An instrument of our own deleted"),
    "everything exported": _l("Everything exported"),
    "deletion asked": _l("Deletion of the workspace asked for"),
    "deletion called back": _l("Deletion of the workspace called back"),
    "engagement opened": _l("Engagement opened"),
    "engagement discarded": _l("Engagement discarded before launch"),
    "engagement archived": _l("Archived by the timetable"),
    "erasure announced": _l("Told that this will be erased"),
    "engagement erased": _l("Engagement erased by the timetable"),
    "kept longer": _l("Kept for another year at the sponsor’s wish"),
    "engagement changed": _l("Words or dates changed"),
    "roster changed": _l("Roster changed"),
    "person erased": _l("A person erased at their request"),
    "groups merged": _l("Groups merged"),
    "approval asked": _l("Sponsor asked to approve"),
    "approved": _l("Approved"),
    "correction asked": _l("Sponsor asked for a correction"),
    "launched": _l("Launched"),
    "letters printed": _l("Letters on paper printed"),
    "reminders changed": _l("Days of reminders changed"),
    "terms amended": _l("Terms amended, everyone told"),
    "people proposed": _l("Sponsor asked whether more people may be added"),
    "people declined": _l("Proposed people not added"),
    "closed": _l("Closed, report made"),
    "key destroyed": _l("Answer sheets and their key destroyed"),
    "answers stopped": _l("No answers are taken: the server's operator has to look"),
    "answers resumed": _l("Answers are taken again"),
    "wave prepared": _l("Next survey prepared"),
    "wave not prepared": _l("Next survey given up before launch"),
    "wave called off": _l("Survey called off, answers destroyed unread"),
    "wave lost": _l("Survey lost: it cannot be counted; everyone told"),
    "box left out": _l("A damaged sheet could not be counted"),
    "report released": _l("Report handed to the seller"),
    "texts reviewed": _l("Free texts read by the sponsor"),
    "conversations planned": _l("Next conversations planned by the sponsor"),
    "report sent to all": _l("Report sent to everyone asked"),
    "report shared": _l("Share link made"),
    "share revoked": _l("Share link taken back"),
}

#: Who did it where it was no member, and how that reads.
DOERS: Mapping[str, Any] = {"operator": _l("operator"), "sponsor": _l("sponsor"), "clock": _l("by itself")}


def note(
    event: str,
    *,
    who: str,
    at: datetime,
    workspace_id: int | None,
    engagement_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write one line. Raises ValueError for an event nobody has explained."""
    if event not in EVENTS:
        raise ValueError(f"{event!r} is not an event of the journal")
    entry = Entry(
        at=at,
        who=who,
        event=event,
        facts=dict(facts or {}),
        workspace_id=workspace_id,
        engagement_id=engagement_id,
    )
    db.session.add(entry)
    db.session.flush()


def of_workspace(
    workspace_id: int, *, events: Collection[str], before: int | None = None, most: int
) -> list[Entry]:
    """At most ``most`` of a workspace's own lines of these events, newest first; ``before``: older than it.

    What belongs to an engagement stands on the engagement's page.
    """
    chosen = select(Entry).where(Entry.workspace_id == workspace_id, Entry.engagement_id.is_(None))
    chosen = chosen.where(Entry.event.in_(events))
    if before is not None:
        chosen = chosen.where(Entry.id < before)
    return list(db.session.scalars(chosen.order_by(Entry.id.desc()).limit(most)))


def of_engagement(engagement_id: int) -> list[Entry]:
    """An engagement's lines, newest first."""
    chosen = select(Entry).where(Entry.engagement_id == engagement_id).order_by(Entry.id.desc())
    return list(db.session.scalars(chosen))
