"""Records of being asked. Nothing here says what anyone answered, or when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_service.engagements.models import Stakeholder
from survey_service.foundation.db import Base, Moment


class Invitation(Base):
    """One stakeholder asked in one wave. Its link's token is never stored."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("wave_id", "stakeholder_id"),
        Index("ix_invitation_remind_at", "remind_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id", ondelete="CASCADE"))
    stakeholder_id: Mapped[int] = mapped_column(ForeignKey("stakeholder.id", ondelete="CASCADE"), index=True)
    group_name: Mapped[str] = mapped_column(comment="as frozen in the terms")
    link: Mapped[str] = mapped_column(unique=True, comment="id of the personal link, hex")
    link_version: Mapped[int] = mapped_column(default=1)
    spent: Mapped[bool] = mapped_column(default=False, comment="link used; cleared at close")
    remind_at: Mapped[datetime | None] = mapped_column(Moment, default=None, comment="cleared at close")
    reminders_sent: Mapped[int] = mapped_column(default=0, comment="cleared at close")
    wants_no_reminders: Mapped[bool] = mapped_column(default=False)
    stakeholder: Mapped[Stakeholder] = relationship(init=False)


class NoContact(Base):
    """Somebody wants no letters from a workspace. Holds no address."""

    __tablename__ = "no_contact"
    __table_args__ = (UniqueConstraint("workspace_id", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    mark: Mapped[str] = mapped_column(comment="SHA-256 of workspace and address")
