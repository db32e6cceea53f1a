"""Records of one buying organisation facing one change."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_service.foundation.db import Base, Moment
from survey_service.workspaces import schedule


class Engagement(Base):
    """One buying organisation facing one change."""

    __tablename__ = "engagement"
    __table_args__ = (CheckConstraint("believed_step BETWEEN 1 AND 13", name="step_on_path"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(unique=True, comment="random, seen in addresses")
    buyer: Mapped[str]
    change: Mapped[str] = mapped_column(comment="one neutral sentence")
    language: Mapped[str]
    time_zone: Mapped[str] = mapped_column(comment="IANA name")
    created_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime | None] = mapped_column(
        Moment, default=None, comment="planned; frozen in the terms"
    )
    believed_step: Mapped[int | None] = mapped_column(
        default=None, comment="where the seller thinks they are"
    )
    instrument: Mapped[str] = mapped_column(default="core/1")
    has_no_sponsor: Mapped[bool] = mapped_column(default=False, comment="the seller confirmed there is none")
    is_demo: Mapped[bool] = mapped_column(default=False)
    reminders: Mapped[str] = mapped_column(
        default=schedule.USUAL.written,
        server_default=schedule.USUAL.written,  # rows from before it was thought of
        comment="the schedule of the wave to come (workspaces/schedule.py)",
    )
    prepares_next: Mapped[bool] = mapped_column(
        default=False,
        server_default=false(),  # rows from before it was thought of
        comment="after a release: the next wave is in preparation",
    )
    archived_at: Mapped[datetime | None] = mapped_column(
        Moment, default=None, comment="since when it is out of the list"
    )
    erases_at: Mapped[datetime | None] = mapped_column(
        Moment, default=None, comment="when it is erased, as its people were told"
    )
    kept_until: Mapped[datetime | None] = mapped_column(
        Moment, default=None, comment="the sponsor wants it kept so long, whatever the workspace wants"
    )


class Sponsor(Base):
    """The buyer's own lead. Arrives by personal link, has no account."""

    __tablename__ = "sponsor"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str]
    email: Mapped[str]
    link: Mapped[str] = mapped_column(unique=True, comment="id of the personal link, hex")
    link_version: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    approved_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    approved_digest: Mapped[str | None] = mapped_column(
        default=None, comment="what was approved; a later change voids the approval"
    )
    note: Mapped[str | None] = mapped_column(
        default=None, comment="what should be corrected before approval; gone when asked again"
    )
    noted_at: Mapped[datetime | None] = mapped_column(Moment, default=None)


class Group(Base):
    """A function or department, as the roster names it."""

    __tablename__ = "roster_group"
    __table_args__ = (UniqueConstraint("engagement_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"))
    name: Mapped[str]
    position: Mapped[int]


class Stakeholder(Base):
    """Someone whose work the change would touch."""

    __tablename__ = "stakeholder"
    __table_args__ = (
        UniqueConstraint("engagement_id", "email"),
        Index(
            "uq_stakeholder_name_without_address",
            "engagement_id",
            "name",
            unique=True,
            sqlite_where=text("email IS NULL"),
            postgresql_where=text("email IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"))
    group_id: Mapped[int] = mapped_column(ForeignKey("roster_group.id"), index=True)
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(comment="lower case; NULL: none, asked on paper")
    language: Mapped[str]
    time_zone: Mapped[str | None] = mapped_column(default=None, comment="IANA name; else the engagement's")
    group: Mapped[Group] = relationship(init=False)
