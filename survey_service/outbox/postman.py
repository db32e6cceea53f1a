"""What one worker keeps from round to round: its pace, its watch over others, what it has yet to write."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from survey_service.outbox.claims import LEASE, SENT, Claim
from survey_service.outbox.paces import Pace

MINUTE = timedelta(minutes=1)
#: Two clocks that part by more than this in one round: the wall clock was set.
JUMP = timedelta(seconds=60)


@dataclass(frozen=True)
class Outcome:
    """What came of one letter, as its row will say it; ``is_dropped``: the row goes."""

    claim: Claim
    values: Mapping[str, object]
    counts_as: str
    is_dropped: bool = False

    @property
    def has_left(self) -> bool:
        """Nothing else is to be said of it."""
        return self.values == SENT


@dataclass
class Watch:
    """Whether a letter found in 'sending' past its lease was really left by a crash.

    A lease ends by the wall clock, which may be set while another worker is speaking to a server. So a worker
    believes what it sees only after it has itself watched for one lease, by a clock that only runs forward,
    since it began or the wall clock last jumped.
    """

    lease: timedelta = LEASE
    elapsed: Callable[[], float] = time.monotonic
    _last: tuple[datetime, float] | None = None
    _since: float = 0.0

    def believes(self, at: datetime) -> bool:
        """To be asked at every round."""
        seconds = self.elapsed()
        if self._last is None or self._has_jumped(at, seconds):
            self._since = seconds
        self._last = (at, seconds)
        return seconds - self._since >= self.lease.total_seconds()

    def _has_jumped(self, at: datetime, seconds: float) -> bool:
        if self._last is None:
            return False
        before, then = self._last
        return abs((at - before) - timedelta(seconds=seconds - then)) > JUMP


@dataclass
class Postman:
    """A worker. ``watch``: None believes at once, for a time that is told and not lived through."""

    pace: Pace = field(default_factory=Pace)
    watch: Watch | None = None
    lease: timedelta = LEASE
    is_stopped: Callable[[], bool] = lambda: False
    #: What came of letters while the database was away, to be written down before anything else.
    owed: list[Outcome] = field(default_factory=list)

    def believes(self, at: datetime) -> bool:
        """Whether leases that have ended may be taken for crashes."""
        return self.watch is None or self.watch.believes(at)
