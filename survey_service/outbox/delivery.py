"""Delivery: claim, say so, speak, write down. Any number of rounds may run at once."""

import hashlib
import logging
import time
import traceback
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from survey_service.foundation.db import db, transaction
from survey_service.foundation.straight import Straight
from survey_service.outbox import claims, paces
from survey_service.outbox.claims import UNSURE, Claim
from survey_service.outbox.envelope import Letter
from survey_service.outbox.ledger import Ledger, Report
from survey_service.outbox.letters import LETTERS, RESENT
from survey_service.outbox.models import Dispatch
from survey_service.outbox.postman import MINUTE, Outcome, Postman
from survey_service.outbox.transports import NotSent, Refused, Transport, Unreachable, Unsure

log = logging.getLogger(__name__)

#: Its letters are written before the first of them leaves; what they share is looked up once.
BATCH = 50
#: A round ends after this long; the next one comes at the clock's next turn, and its moment is fresh.
ROUND = timedelta(seconds=20)
#: A round's letters at most: more than leave in its time.
MOST = 50_000
#: Minutes until the next try, after each one that failed; then the letter is given up, two days later.
WAITS = (1, 5, 15, 30, 60, 120, 240, 480, 720, 1440)
MOST_ATTEMPTS = len(WAITS) + 1
#: While the server takes nothing at all, letters wait at most this long between tries, and never give up.
LONGEST_OUTAGE_WAIT = timedelta(hours=1)
UNWRITTEN = "unwritten"

# Built once: building it takes longer than answering it.
_CHOSEN = (
    select(Dispatch)
    .where(Dispatch.id.in_(bindparam("numbers", expanding=True)))
    .order_by(Dispatch.due_at, Dispatch.id)
)

Render = Callable[[Dispatch], Letter]
LookAhead = Callable[[Sequence[Dispatch]], None]


class Withdrawn(Exception):
    """Raised by a renderer: what the letter was about is gone."""


class NotNow(Exception):
    """Raised by a renderer: the letter is to leave later, at ``until``."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


@dataclass(frozen=True)
class Written:
    """A claimed letter, ready to be sent."""

    claim: Claim
    kind: str
    attempts: int
    message_id: str
    letter: Letter


def deliver_due(
    *,
    transport: Transport,
    render: Render,
    at: datetime,
    look_ahead: LookAhead = lambda _: None,
    postman: Postman | None = None,
    limit: int = MOST,
    elapsed: Callable[[], float] = time.monotonic,
) -> Report:
    """Send what is due, for 20 seconds or ``limit`` letters at most. Owns its transactions.

    ``render`` may raise Withdrawn: the row is deleted; or NotNow: it waits until then. ``look_ahead`` is
    called before it with the letters to come, in the transaction they are read in. ``at``: the moment
    the round begins; ``elapsed``: seconds on a clock that only runs forward. ``postman``: the worker, with
    what it keeps from round to round.
    """
    worker = postman or Postman()
    if not worker.owed and not claims.is_anything_waiting(at):
        return Report()
    with transport, Straight() as straight:
        turn = _Round(transport, render, look_ahead, at, elapsed, worker, straight)
        turn.go(limit)
    return turn.ledger.report


class _Round:
    """One round of the post."""

    def __init__(
        self,
        transport: Transport,
        render: Render,
        look_ahead: LookAhead,
        at: datetime,
        elapsed: Callable[[], float],
        postman: Postman,
        straight: Straight,
    ) -> None:
        self.transport, self.render, self.look_ahead = transport, render, look_ahead
        self.postman, self.ledger = postman, Ledger(straight)
        self._at, self._elapsed, self._begun = at, elapsed, elapsed()
        self._is_refused = False

    def go(self, limit: int) -> None:
        """Batch after batch, until nothing is due, the time is up or the server takes nothing."""
        self.ledger.unwritten, self.postman.owed = self.postman.owed, []
        try:
            self.ledger.write()
            self._settle_left()
            while limit > 0 and not self._is_over():
                with transaction():
                    batch = claims.take(self._now(), min(BATCH, limit), self.postman.lease)
                    admitted = self._admitted([claim.id for claim in batch])
                if not batch:
                    return
                limit -= len(batch)
                self._deliver(self._write(batch, admitted))
        except SQLAlchemyError:
            self.postman.owed = self.ledger.unwritten
            raise

    def _settle_left(self) -> None:
        if self.postman.believes(self._at):
            with transaction():
                left = claims.settle_left(self._now(), again=RESENT, most_attempts=MOST_ATTEMPTS)
            self.ledger.report.uncertain += left

    def _now(self) -> datetime:
        return self._at + timedelta(seconds=self._elapsed() - self._begun)

    def _is_over(self) -> bool:
        return self._is_refused or self.postman.is_stopped() or self._now() - self._at > ROUND

    def _admitted(self, numbers: Sequence[int]) -> Container[int]:
        """Whose turn it is in this minute; counted with the claim."""
        if not self.postman.pace.is_kept:
            return numbers
        return paces.admit(
            db.session.scalars(_CHOSEN, {"numbers": numbers}).all(), self.postman.pace, at=self._now()
        )

    def _write(self, batch: Sequence[Claim], admitted: Container[int]) -> list[Written]:
        """All letters of the batch first, so that next to nothing lies between sending and writing down."""
        mine = {claim.id: claim for claim in batch}
        rows = db.session.scalars(_CHOSEN, {"numbers": list(mine)}).all()
        self.look_ahead(rows)
        results = [
            self._write_one(row, mine[row.id]) if row.id in admitted else self._next_minute(mine[row.id])
            for row in rows
        ]
        self.look_ahead(())  # nothing of it is needed while they are sent
        self.ledger.write(result for result in results if isinstance(result, Outcome))
        return [result for result in results if isinstance(result, Written)]

    def _write_one(self, row: Dispatch, claim: Claim) -> Written | Outcome:
        attempts, message_id = row.attempts + 1, row.message_id
        try:
            letter = self.render(row)
        except Withdrawn:
            return Outcome(claim, {}, "withdrawn", is_dropped=True)
        except NotNow as wish:
            return Outcome(claim, {"state": "queued", "due_at": wish.until}, "postponed")
        except SQLAlchemyError:
            raise
        except Exception as fault:
            log.error("%s cannot be written: %s", _named(row.kind), _place(fault))
            values = {**_later(attempts, message_id, self._now(), UNWRITTEN), "attempts": attempts}
            return Outcome(claim, values, _counted(values))
        return Written(claim, row.kind, attempts, message_id, letter)

    def _next_minute(self, claim: Claim) -> Outcome:
        """This one's letters have left."""
        later = self._now().replace(second=0, microsecond=0) + MINUTE
        return Outcome(claim, {"state": "queued", "due_at": later}, "postponed")

    def _deliver(self, written: list[Written]) -> None:
        """One transaction a letter: it writes down the last one and begins the next."""
        waiting = list(written)
        while waiting and not self._is_over():
            self._send(waiting.pop(0))
        self.ledger.write(untried=[item.claim for item in waiting])

    def _send(self, item: Written) -> None:
        """Speak to the server; that the letter is leaving is committed before any of it does."""
        begun: list[Claim | None] = []

        def begin() -> bool:
            begun.append(self.ledger.begin(item.claim, self._now() + self.postman.lease))
            return begun[-1] is not None

        is_quiet = LETTERS[item.kind].is_quiet
        try:
            self.transport.send(item.letter, begin)
            values: Mapping[str, object] = claims.SENT
            counts_as = "sent"
        except NotSent as fault:
            if not is_quiet or isinstance(fault, Unreachable):
                log.warning("%s was not sent: %s %s", _named(item.kind), type(fault).__name__, fault.code)
            values = {**self._after(fault, item), "attempts": item.attempts}
            counts_as = "uncertain" if isinstance(fault, Unsure) else _counted(values)
        held = begun[-1] if begun else item.claim
        if held is not None:
            is_dropped = is_quiet and counts_as in ("sent", "given_up")
            self.ledger.unwritten.append(Outcome(held, values, counts_as, is_dropped=is_dropped))

    def _after(self, fault: NotSent, item: Written) -> dict[str, object]:
        if isinstance(fault, Refused):
            return {"state": "given_up", "fault": fault.code, "due_at": self._now()}
        if isinstance(fault, Unsure) and not LETTERS[item.kind].resend:
            return {"state": "uncertain", "fault": UNSURE}
        if isinstance(fault, Unreachable):
            self._is_refused = True
            wait = min(_wait(item.attempts, item.message_id), LONGEST_OUTAGE_WAIT)
            return {"state": "queued", "due_at": self._now() + wait, "fault": fault.code}
        code = UNSURE if isinstance(fault, Unsure) else fault.code
        return _later(item.attempts, item.message_id, self._now(), code)


def _named(kind: str) -> str:
    """For the log, which must not speak of reminders."""
    return "a letter" if LETTERS[kind].is_quiet else f"a letter of kind {kind}"


def _place(fault: Exception) -> str:
    """Which error, and where; its words could name the recipient."""
    frame = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} at {frame.filename}:{frame.lineno}"


def _counted(values: Mapping[str, object]) -> str:
    return "given_up" if values["state"] == "given_up" else "postponed"


def _later(attempts: int, message_id: str, now: datetime, code: str) -> dict[str, object]:
    """Queued for another try, or given up after the last."""
    if attempts >= MOST_ATTEMPTS:
        return {"state": "given_up", "fault": code, "due_at": now}
    return {"state": "queued", "due_at": now + _wait(attempts, message_id), "fault": code}


def _wait(attempts: int, message_id: str) -> timedelta:
    """The wait after so many tries, a quarter more or less; by the letter's name, so that it can be told."""
    mark = hashlib.sha256(f"{message_id} {attempts}".encode()).digest()
    share = int.from_bytes(mark[:4], "big") / 2**32
    return timedelta(minutes=WAITS[min(attempts, len(WAITS)) - 1]) * (0.75 + share / 2)
