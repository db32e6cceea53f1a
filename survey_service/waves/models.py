"""Records of one run of an instrument on a roster."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_service.engagements.models import Engagement
from survey_service.foundation.db import Base, Moment
from survey_service.workspaces import schedule

STATES = ("open", "closing", "released", "lost")
#: The ``trouble`` of a wave that the seller ended before its close.
CALLED_OFF = "called off"


class Wave(Base):
    """One run, from launch to close. Terms never change."""

    __tablename__ = "wave"
    __table_args__ = (
        UniqueConstraint("engagement_id", "number"),
        CheckConstraint("state IN ('open', 'closing', 'released', 'lost')", name="state_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"))
    number: Mapped[int]
    key: Mapped[str] = mapped_column(unique=True, comment="random; names the wave's key file")
    state: Mapped[str]
    terms: Mapped[str] = mapped_column(comment="canonical JSON, frozen at launch")
    terms_sha256: Mapped[str]
    public_key: Mapped[bytes] = mapped_column(comment="X25519; seals sheets and texts")
    launched_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment, index=True)
    reminders: Mapped[str] = mapped_column(
        default=schedule.USUAL.written,
        server_default=schedule.USUAL.written,  # rows from before it was thought of
        comment="the schedule, as at launch (workspaces/schedule.py)",
    )
    participation: Mapped[int] = mapped_column(default=0, comment="answers in allowed steps, refreshed daily")
    participation_on: Mapped[date | None] = mapped_column(default=None)
    mark: Mapped[str | None] = mapped_column(
        default=None, comment="turns every hour; the key directory knows the newest"
    )
    trouble: Mapped[str | None] = mapped_column(default=None, comment="why no answers are taken")
    trouble_since: Mapped[datetime | None] = mapped_column(Moment, default=None)
    key_destroyed_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    engagement: Mapped[Engagement] = relationship(init=False)


class Release(Base):
    """The one document a wave leaves behind; every door reads it and nothing else."""

    __tablename__ = "release"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id", ondelete="CASCADE"), unique=True)
    document: Mapped[str] = mapped_column(comment="JSON: one entry of the report's waves")
    released_at: Mapped[datetime] = mapped_column(Moment)
    seller_from: Mapped[datetime] = mapped_column(
        Moment, comment="from then on the seller may read it anyway"
    )
    seller_since: Mapped[datetime | None] = mapped_column(Moment, default=None, comment="since when they do")
    wave: Mapped[Wave] = relationship(init=False)


class Appendix(Base):
    """Free texts the sponsor has let through; read beside the release."""

    __tablename__ = "appendix"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id", ondelete="CASCADE"), unique=True)
    document: Mapped[str] = mapped_column(comment="JSON")


class Amendment(Base):
    """One announced change of a wave's terms, hashed onto what stood before. Never changes."""

    __tablename__ = "amendment"
    __table_args__ = (
        UniqueConstraint("wave_id", "number"),
        CheckConstraint("kind IN ('closing moved', 'people added', 'sponsor replaced')", name="kind_known"),
        CheckConstraint("(kind = 'closing moved') = (closes_at IS NOT NULL)", name="closes_at_when_moved"),
        Index(
            "uq_amendment_closing_moved_once",
            "wave_id",
            unique=True,
            sqlite_where=text("kind = 'closing moved'"),
            postgresql_where=text("kind = 'closing moved'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[str]
    document: Mapped[str] = mapped_column(comment="canonical JSON; names the hash before it")
    sha256: Mapped[str]
    closes_at: Mapped[datetime | None] = mapped_column(
        Moment, default=None, comment="the closing time moved to, as in the document"
    )


class Proposal(Base):
    """People the seller would like to add to an open wave; gone when the sponsor has decided, or at close."""

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id", ondelete="CASCADE"), unique=True)
    people: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, comment="name, email, group, language, time_zone of each"
    )
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(Moment)
