"""Who did what, when; never anything about answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from survey_service.foundation.db import Base, Moment, db


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


#: Everything that is ever written down. docs/operations.md explains each; a test holds it to that.
EVENTS = frozenset(
    {
        "workspace made",
        "member joined",
        "engagement opened",
        "engagement changed",
        "roster changed",
        "groups merged",
        "approval asked",
        "approved",
        "launched",
        "closed",
        "key destroyed",
        "wave lost",
        "box left out",
        "report released",
        "texts reviewed",
        "report shared",
        "share revoked",
    }
)


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


def of_engagement(engagement_id: int) -> list[Entry]:
    """An engagement's lines, newest first."""
    chosen = select(Entry).where(Entry.engagement_id == engagement_id).order_by(Entry.id.desc())
    return list(db.session.scalars(chosen))
