"""Records of a report's links, and of what the sponsor does with its next conversations."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_service.engagements.models import Engagement
from survey_service.foundation.db import Base, Moment


class Share(Base):
    """A link by which anyone may read a released report. Counts views, keeps nothing about viewers."""

    __tablename__ = "share"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"), index=True)
    link: Mapped[str] = mapped_column(unique=True, comment="id of the link, hex; its token is never stored")
    label: Mapped[str] = mapped_column(comment="for whom, in the sharer's words")
    shared_by: Mapped[str]
    from_sponsor: Mapped[bool] = mapped_column(
        comment="shows what the sponsor may read, else what the seller may"
    )
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    views: Mapped[int] = mapped_column(default=0)
    passphrase_hash: Mapped[str | None] = mapped_column(
        default=None, comment="Argon2id; null where the link is enough"
    )
    frame_origin: Mapped[str | None] = mapped_column(
        default=None, comment="the one site that may show the page in a frame; null: none"
    )
    engagement: Mapped[Engagement] = relationship(init=False)


class FollowUp(Base):
    """Who takes which of a report's next conversations, and by when. Beside the report, never part of it."""

    __tablename__ = "follow_up"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id", ondelete="CASCADE"), unique=True)
    steps: Mapped[dict[str, Any]] = mapped_column(
        JSON, comment="topic key -> owner, due_on and done_on (days in ISO 8601, or null)"
    )
    is_shown: Mapped[bool] = mapped_column(default=False, comment="the sponsor lets the seller see it")
