"""Records of the instruments of a workspace's own."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey_service.foundation.db import Base, Moment


class OwnInstrument(Base):
    """One version of an instrument of a workspace's own; frozen at the first launch that asks it."""

    __tablename__ = "own_instrument"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(comment="random; all versions of one instrument share it")
    version: Mapped[int]
    title: Mapped[str] = mapped_column(comment="what the workspace calls it")
    draft: Mapped[str] = mapped_column(comment="JSON: see instrument.draft")
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[str]
    frozen_at: Mapped[datetime | None] = mapped_column(
        Moment, default=None, comment="first launched; from then on nothing of it changes"
    )
    asked: Mapped[str | None] = mapped_column(default=None, comment="JSON: what was launched, as it was then")

    @property
    def key(self) -> str:
        """Name and version, as engagements, terms and reports give it."""
        return f"{self.name}/{self.version}"
