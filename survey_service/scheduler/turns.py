"""Whose turn it is: of several clocks one does each line of the timetable, and the others are spared."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from survey_service.foundation.db import db, transaction
from survey_service.scheduler.models import Turn

#: Clocks of several machines may part by this much without leaving a turn out.
SLACK = timedelta(seconds=1)


def take(name: str, interval: timedelta, *, at: datetime) -> bool:
    """Whether the line is due and this clock does it; however many turns were missed, it is one. Commits.

    A turn further ahead than one interval was set by a clock that has been put back since.
    """
    _need(name, at)
    due = or_(Turn.next_at <= at + SLACK, Turn.next_at > at + interval + SLACK)
    claim = update(Turn).where(Turn.name == name, due).values(next_at=at + interval, began_at=at)
    with transaction():
        return db.session.connection().execute(claim).rowcount == 1


def end(name: str, *, at: datetime, went_well: bool) -> None:
    """Write down that it was done. Commits."""
    with transaction():
        db.session.execute(update(Turn).where(Turn.name == name).values(ended_at=at, went_well=went_well))


def all_of() -> Sequence[Turn]:
    """The last turn of each line, by name."""
    return db.session.scalars(select(Turn).order_by(Turn.name)).all()


def _need(name: str, at: datetime) -> None:
    if db.session.get(Turn, name) is not None:
        return
    try:
        with transaction():
            db.session.add(Turn(name=name, next_at=at))
    except IntegrityError:
        db.session.rollback()  # another clock was first
