"""The outbox: letters are rows of the transaction that causes them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from survey_service.foundation.db import Base, Moment


class Dispatch(Base):
    """One sending of one letter. Holds no link: links are made when it is sent."""

    __tablename__ = "dispatch"
    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'claimed', 'sending', 'sent', 'uncertain', 'given_up')", name="state_known"
        ),
        Index("ix_dispatch_state_due_at", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    kind: Mapped[str] = mapped_column(comment="name of the letter's templates")
    to_address: Mapped[str]
    to_name: Mapped[str]
    language: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(
        JSON, comment="keys of records the renderer looks up; no link"
    )
    message_id: Mapped[str] = mapped_column(unique=True, comment="the same at every attempt")
    due_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(default="queued")
    claimed_until: Mapped[datetime | None] = mapped_column(Moment, default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str | None] = mapped_column(default=None, comment="the last SMTP answer's code")
    workspace_id: Mapped[int | None] = mapped_column(
        ForeignKey("workspace.id", ondelete="CASCADE"), default=None
    )
    wave_id: Mapped[int | None] = mapped_column(default=None, index=True, comment="whose close deletes it")


class MinuteCount(Base):
    """Letters of waves in one minute; gone when the minute is."""

    __tablename__ = "minute_count"

    name: Mapped[str] = mapped_column(primary_key=True, comment="a mail host or a workspace")
    minute: Mapped[datetime] = mapped_column(Moment, comment="when it began")
    taken: Mapped[int]
