"""Delivery: claim, say so, speak, write down. Any number of rounds may run at once."""

import hashlib
import logging
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from survey_service.foundation.db import db, transaction
from survey_service.outbox import claims
from survey_service.outbox.claims import UNSURE, Claim
from survey_service.outbox.letters import LETTERS, RESENT
from survey_service.outbox.models import Dispatch
from survey_service.outbox.postman import MINUTE, Outcome, Postman
from survey_service.outbox.transports import NotSent, Refused, Transport, Unreachable, Unsure

log = logging.getLogger(__name__)

BATCH = 25
#: A round ends after this long; the next one comes at the clock's next turn, and its moment is fresh.
ROUND = timedelta(seconds=20)
#: Minutes until the next try, after each one that failed; then the letter is given up, two days later.
WAITS = (1, 5, 15, 30, 60, 120, 240, 480, 720, 1440)
MOST_ATTEMPTS = len(WAITS) + 1
#: While the server takes nothing at all, letters wait at most this long between tries, and never give up.
LONGEST_OUTAGE_WAIT = timedelta(hours=1)
UNWRITTEN = "unwritten"

Render = Callable[[Dispatch], EmailMessage]


class Withdrawn(Exception):
    """Raised by a renderer: what the letter was about is gone."""


class NotNow(Exception):
    """Raised by a renderer: the letter is to leave later, at ``until``."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


@dataclass
class Report:
    """What one round did, in letters. ``postponed``: tried again later; ``uncertain``: may have left."""

    sent: int = 0
    postponed: int = 0
    given_up: int = 0
    uncertain: int = 0
    withdrawn: int = 0

    @property
    def failed(self) -> int:
        """Letters that did not certainly leave."""
        return self.postponed + self.given_up + self.uncertain


@dataclass(frozen=True)
class Written:
    """A claimed letter, ready to be sent."""

    claim: Claim
    kind: str
    attempts: int
    message_id: str
    letter: EmailMessage


def deliver_due(
    *,
    transport: Transport,
    render: Render,
    at: datetime,
    postman: Postman | None = None,
    limit: int = 1000,
    elapsed: Callable[[], float] = time.monotonic,
) -> Report:
    """Send what is due, for 20 seconds or ``limit`` letters at most. Owns its transactions.

    ``render`` may raise Withdrawn: the row is deleted; or NotNow: it waits until then. ``at``: the moment
    the round begins; ``elapsed``: seconds on a clock that only runs forward. ``postman``: the worker, with
    what it keeps from round to round.
    """
    worker = postman or Postman()
    if not worker.owed and not claims.is_anything_waiting(at):
        return Report()
    turn = _Round(transport, render, at, elapsed, worker)
    with transport:
        turn.go(limit)
    return turn.report


class _Round:
    """One round of the post."""

    def __init__(
        self,
        transport: Transport,
        render: Render,
        at: datetime,
        elapsed: Callable[[], float],
        postman: Postman,
    ) -> None:
        self.transport, self.render, self.report, self.postman = transport, render, Report(), postman
        self._at, self._elapsed, self._begun = at, elapsed, elapsed()
        self._is_refused = False

    def go(self, limit: int) -> None:
        """Batch after batch, until nothing is due, the time is up or the server takes nothing."""
        with transaction():
            for outcome in self.postman.owed:
                self._note(outcome)
        self.postman.owed.clear()
        if self.postman.believes(self._at):
            with transaction():
                left = claims.settle_left(self._now(), again=RESENT, most_attempts=MOST_ATTEMPTS)
                self.report.uncertain += left
        while limit > 0 and not self._is_over():
            with transaction():
                batch = claims.take(self._now(), min(BATCH, limit), self.postman.lease)
            if not batch:
                return
            limit -= len(batch)
            self._deliver(self._write(batch))

    def _now(self) -> datetime:
        return self._at + timedelta(seconds=self._elapsed() - self._begun)

    def _is_over(self) -> bool:
        return self._is_refused or self.postman.is_stopped() or self._now() - self._at > ROUND

    def _write(self, batch: Sequence[Claim]) -> list[Written]:
        """All letters of the batch first, so that next to nothing lies between sending and writing down."""
        mine = {claim.id: claim for claim in batch}
        chosen = select(Dispatch).where(Dispatch.id.in_(mine)).order_by(Dispatch.due_at, Dispatch.id)
        results = [self._write_one(row, mine[row.id]) for row in db.session.scalars(chosen).all()]
        with transaction():
            for result in results:
                self._note(result if isinstance(result, Outcome) else None)
        return [result for result in results if isinstance(result, Written)]

    def _write_one(self, row: Dispatch, claim: Claim) -> Written | Outcome:
        attempts, message_id = row.attempts + 1, row.message_id
        if not self._keeps_pace(row):
            next_minute = self._now().replace(second=0, microsecond=0) + MINUTE
            return Outcome(claim, {"state": "queued", "due_at": next_minute}, "postponed")
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

    def _keeps_pace(self, row: Dispatch) -> bool:
        """Letters of a wave keep to the pace; those somebody waits for do not."""
        host = row.to_address.rpartition("@")[2]
        return row.wave_id is None or self.postman.pace.takes(host, row.workspace_id, self._now())

    def _deliver(self, written: list[Written]) -> None:
        """One transaction a letter: it writes down the last one and begins the next."""
        last: Outcome | None = None
        waiting = list(written)
        try:
            while waiting and not self._is_over():
                item = waiting.pop(0)
                with transaction():
                    self._note(last)
                    held = claims.begin(item.claim, self._now(), self.postman.lease)
                last = self._send(item, held) if held else None
            with transaction():
                self._note(last)
                claims.put_back([item.claim for item in waiting])
        except SQLAlchemyError:
            self.postman.owed += [last] if last else []
            raise

    def _send(self, item: Written, held: Claim) -> Outcome:
        is_quiet = LETTERS[item.kind].is_quiet
        try:
            self.transport.send(item.letter)
        except NotSent as fault:
            if not is_quiet or isinstance(fault, Unreachable):
                log.warning("%s was not sent: %s %s", _named(item.kind), type(fault).__name__, fault.code)
            values = self._after(fault, item)
            counts_as = "uncertain" if isinstance(fault, Unsure) else _counted(values)
            return Outcome(held, values, counts_as, is_dropped=is_quiet and counts_as == "given_up")
        return Outcome(held, {"state": "sent"}, "sent", is_dropped=is_quiet)

    def _after(self, fault: NotSent, item: Written) -> dict[str, Any]:
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

    def _note(self, outcome: Outcome | None) -> None:
        """Into the row and the report; inside the caller's transaction."""
        if outcome is None:
            return
        if outcome.is_dropped:
            claims.drop(outcome.claim)
        else:
            claims.finish(outcome.claim, outcome.values)
        setattr(self.report, outcome.counts_as, getattr(self.report, outcome.counts_as) + 1)


def _named(kind: str) -> str:
    """For the log, which must not speak of reminders."""
    return "a letter" if LETTERS[kind].is_quiet else f"a letter of kind {kind}"


def _place(fault: Exception) -> str:
    """Which error, and where; its words could name the recipient."""
    frame = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} at {frame.filename}:{frame.lineno}"


def _counted(values: dict[str, Any]) -> str:
    return "given_up" if values["state"] == "given_up" else "postponed"


def _later(attempts: int, message_id: str, now: datetime, code: str) -> dict[str, Any]:
    """Queued for another try, or given up after the last."""
    if attempts >= MOST_ATTEMPTS:
        return {"state": "given_up", "fault": code, "due_at": now}
    return {"state": "queued", "due_at": now + _wait(attempts, message_id), "fault": code}


def _wait(attempts: int, message_id: str) -> timedelta:
    """The wait after so many tries, a quarter more or less; by the letter's name, so that it can be told."""
    mark = hashlib.sha256(f"{message_id} {attempts}".encode()).digest()
    share = int.from_bytes(mark[:4], "big") / 2**32
    return timedelta(minutes=WAITS[min(attempts, len(WAITS)) - 1]) * (0.75 + share / 2)
