"""The row is the lock: a letter belongs to whoever changed its row last, until the lease ends.

queued -> claimed -> sending -> sent. Each step names the lease it was taken under, so that whoever comes late
(their lease ended, or the row is gone) changes nothing and learns it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Delete,
    Integer,
    Update,
    and_,
    bindparam,
    case,
    delete,
    or_,
    select,
    update,
)

from survey_service.foundation.db import Moment, db
from survey_service.foundation.straight import ReadyChange, Straight
from survey_service.outbox.models import Dispatch

#: Longer than the transport needs for one letter at its slowest.
LEASE = timedelta(minutes=15)
#: The fault of a letter that may or may not have left; kept beside 'sent' when it is sent again.
UNSURE = "unsure"
#: What a row says of a letter that has left.
SENT: Mapping[str, object] = {"state": "sent"}


@dataclass(frozen=True)
class Claim:
    """A letter's row, held until ``until``."""

    id: int
    until: datetime


def take(at: datetime, size: int, lease: timedelta = LEASE) -> Sequence[Claim]:
    """Claim what is due or was claimed and left, oldest first; nothing another worker holds."""
    free = or_(Dispatch.state == "queued", and_(Dispatch.state == "claimed", Dispatch.claimed_until < at))
    due = select(Dispatch.id).where(free, Dispatch.due_at <= at).order_by(Dispatch.due_at, Dispatch.id)
    taken = db.session.scalars(due.limit(size).with_for_update(skip_locked=True)).all()
    if taken:
        _run(update(Dispatch).where(Dispatch.id.in_(taken)).values(state="claimed", claimed_until=at + lease))
    return [Claim(id=identity, until=at + lease) for identity in taken]


def is_anything_waiting(at: datetime) -> bool:
    """Whether a round would find something to do; takes no lock."""
    due = and_(Dispatch.state.in_(("queued", "claimed")), Dispatch.due_at <= at)
    chosen = select(Dispatch.id).where(or_(due, _is_left_sending(at))).limit(1)
    return db.session.scalar(chosen) is not None


def begin(claim: Claim, until: datetime, straight: Straight, *, sent: Claim | None = None) -> Claim | None:
    """Say that the letter is being sent, before anything is; None if it is no longer ours or gone.

    ``sent``: the letter before it, which has left; both are written down in one statement, and committed.
    """
    facts = {"held_id": claim.id, "held_until": claim.until, "next_until": until}
    before = {"sent_id": sent and sent.id, "sent_until": sent and sent.until}
    changed = straight.make(_STEP, {**facts, **before})
    return Claim(id=claim.id, until=until) if (claim.id,) in map(tuple, changed) else None


def finish(claim: Claim, values: Mapping[str, object]) -> None:
    """Write down what came of a letter; nothing where the row is gone or somebody else's."""
    step = _SENT if values == SENT else _HELD.values({**values, "claimed_until": None})
    _run(step, held_id=claim.id, held_until=claim.until)


def put_back(claims: Collection[Claim]) -> None:
    """Back into the queue, untried."""
    for claim in claims:
        finish(claim, {"state": "queued"})


def let_go(claim: Claim, straight: Straight) -> None:
    """As drop, for a letter that has left; committed."""
    straight.make(_LET_GO, {"held_id": claim.id, "held_until": claim.until})


def drop(claim: Claim) -> None:
    """The letter's row goes: its cause is gone, or nothing of it is to be kept."""
    _run(_DROPPED, held_id=claim.id, held_until=claim.until)


def settle_left(at: datetime, *, again: Collection[str], most_attempts: int) -> int:
    """What a crash left in 'sending' is uncertain; kinds in ``again`` are queued once more. How many."""
    repeated = and_(Dispatch.kind.in_(again), Dispatch.attempts < most_attempts)
    resent = update(Dispatch).where(_is_left_sending(at), repeated)
    others = update(Dispatch).where(_is_left_sending(at))
    return _run(resent.values(state="queued", claimed_until=None, fault=UNSURE)) + _run(
        others.values(state="uncertain", claimed_until=None, fault=UNSURE)
    )


def _is_left_sending(at: datetime) -> ColumnElement[bool]:
    return and_(Dispatch.state == "sending", Dispatch.claimed_until < at)


def _run(statement: Update | Delete, **facts: object) -> int:
    """How many rows changed."""
    return db.session.connection().execute(statement, facts).rowcount


# Built once: building one took as long as all the rest of carrying it out.
_MINE = and_(
    Dispatch.id == bindparam("held_id", None), Dispatch.claimed_until == bindparam("held_until", None)
)
_IS_HELD = Dispatch.state.in_(("claimed", "sending"))
_HELD = update(Dispatch).where(_MINE, _IS_HELD)
_SENT = _HELD.values(**SENT, claimed_until=None)
_DROPPED = delete(Dispatch).where(_MINE, _IS_HELD)
_LET_GO = ReadyChange(_DROPPED.returning(Dispatch.id))
_IS_LAST = Dispatch.id == bindparam("sent_id", None, Integer)
_LAST = and_(_IS_LAST, Dispatch.claimed_until == bindparam("sent_until", None), _IS_HELD)
_STEP = ReadyChange(
    update(Dispatch)
    .where(or_(_LAST, and_(_MINE, Dispatch.state == "claimed")))
    .values(
        state=case((_IS_LAST, "sent"), else_="sending"),
        claimed_until=case((_IS_LAST, None), else_=bindparam("next_until", None, Moment)),
        attempts=Dispatch.attempts + case((_IS_LAST, 0), else_=1),
    )
    .returning(Dispatch.id)
)
