"""What is kept of letters, and what operators may see of them: nothing of reminders."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, or_, select

from survey_service.foundation.db import db
from survey_service.outbox.letters import QUIET
from survey_service.outbox.models import Dispatch

#: Letters of a wave go at its close; the others this long after they were done with.
KEPT = timedelta(days=30)
DONE = ("sent", "uncertain", "given_up")


def forget_old(*, at: datetime) -> int:
    """Delete what was done with 30 days ago; how many."""
    old = delete(Dispatch).where(
        Dispatch.wave_id.is_(None), Dispatch.state.in_(DONE), Dispatch.due_at < at - KEPT
    )
    return db.session.connection().execute(old).rowcount


def counts() -> dict[str, int]:
    """State -> letters in it, reminders left aside."""
    counted = select(Dispatch.state, func.count()).where(Dispatch.kind.not_in(QUIET)).group_by(Dispatch.state)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def oldest_due(at: datetime) -> datetime | None:
    """Since when the letter has waited that waits the longest; None where none is due."""
    waiting = select(func.min(Dispatch.due_at)).where(
        Dispatch.state.in_(("queued", "claimed")), Dispatch.due_at <= at, Dispatch.kind.not_in(QUIET)
    )
    return db.session.scalar(waiting)


def troubled(limit: int = 200) -> Sequence[Dispatch]:
    """Letters that may not have arrived: uncertain, given up, or tried in vain so far; newest first."""
    is_tried = and_(Dispatch.state == "queued", Dispatch.attempts > 0, Dispatch.kind.not_in(QUIET))
    chosen = select(Dispatch).where(or_(Dispatch.state.in_(("uncertain", "given_up")), is_tried))
    return db.session.scalars(chosen.order_by(Dispatch.id.desc()).limit(limit)).all()
