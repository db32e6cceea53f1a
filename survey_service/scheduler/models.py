"""Records of the clock: when each line of the timetable was done, and is due."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from survey_service.foundation.db import Base, Moment


class Turn(Base):
    """The last turn of one line of the timetable. Sparing work, nothing more: safety lies in claims."""

    __tablename__ = "turn"

    name: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime] = mapped_column(Moment)
    began_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    went_well: Mapped[bool] = mapped_column(default=True)
