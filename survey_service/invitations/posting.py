"""How far the post has come, counted from invitations alone: reminders and thanks would tell who answered."""

from dataclasses import dataclass

from sqlalchemy import func, select

from survey_service.foundation.db import db
from survey_service.outbox.models import Dispatch

WAITING = ("queued", "claimed", "sending")


@dataclass(frozen=True)
class Post:
    """A wave's invitation letters: how many there are, and how many have yet to leave."""

    letters: int
    waiting: int

    @property
    def left(self) -> int:
        """How many have left, or will not."""
        return self.letters - self.waiting


def post(wave_id: int) -> Post:
    """The wave's invitation letters as they are now. Whether a link was used changes nothing in it."""
    counted = select(func.count()).where(Dispatch.wave_id == wave_id, Dispatch.kind == "invitation")
    waiting = counted.where(Dispatch.state.in_(WAITING))
    return Post(letters=db.session.scalar(counted) or 0, waiting=db.session.scalar(waiting) or 0)
