"""Records of a report's links."""

from datetime import datetime

from sqlalchemy import ForeignKey
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
    engagement: Mapped[Engagement] = relationship(init=False)
