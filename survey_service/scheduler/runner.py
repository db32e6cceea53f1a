"""The clock: APScheduler turns the timetable in one process, as long as it lives."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from types import FrameType

from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from survey_service.foundation.clock import now
from survey_service.foundation.installation import installation
from survey_service.outbox.postman import Postman
from survey_service.scheduler import turns
from survey_service.scheduler.timetable import TIMETABLE, Every, postman, run

#: How long work under way may take after SIGTERM; what is then still speaking to a mail server is cut off,
#: and its letter is uncertain.
GRACE_SECONDS = 4.0
#: How often a clock looks whose turn it is, and how often a line that every clock does is written down.
NOTED = timedelta(minutes=1)


def run_forever(
    app: Flask,
    timetable: Sequence[Every] = TIMETABLE,
    worker: Postman | None = None,
    moment: Callable[[], datetime] = now,
) -> None:
    """Run every line of the timetable at its interval until SIGTERM or SIGINT; then end in five seconds."""
    # A round of letters takes longer than its interval where there are many: that is no news.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    stopping, busy = threading.Event(), _Busy()
    clock = BlockingScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )

    def halt() -> None:
        while not clock.running:  # told to stop before it had begun
            time.sleep(0.01)
        clock.shutdown(wait=False)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()
        # In its own thread: the main one may hold the lock that shutdown needs, and would wait for itself.
        threading.Thread(target=halt, daemon=True).start()

    # First of all: whoever is told to stop while the rest is made ready ends as cleanly as later.
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with app.app_context():
        worker = worker or postman(installation())
    worker.is_stopped = stopping.is_set

    def turn(entry: Every) -> None:
        if not stopping.is_set():
            with busy, app.app_context():
                _turn(entry, worker, moment)

    for entry in timetable:
        seconds = min(entry.interval, NOTED).total_seconds()
        clock.add_job(turn, "interval", args=(entry,), seconds=seconds, next_run_time=now())
    clock.start()
    if not busy.is_over_within(GRACE_SECONDS):
        os._exit(0)


def _turn(entry: Every, worker: Postman, moment: Callable[[], datetime]) -> None:
    """One line, if it is this clock's turn; a line every clock does is noted once a minute."""
    interval = entry.interval if entry.is_shared else NOTED
    is_taken = turns.take(entry.name, interval, at=moment())
    if is_taken or not entry.is_shared:
        went_well = run(entry, installation(), at=moment(), postman=worker)
        if is_taken or not went_well:
            turns.end(entry.name, at=moment(), went_well=went_well)


class _Busy:
    """How many lines are being done; a context manager for each."""

    def __init__(self) -> None:
        self._count, self._changed = 0, threading.Condition()

    def __enter__(self) -> None:
        with self._changed:
            self._count += 1

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def is_over_within(self, seconds: float) -> bool:
        """Whether all is done before so much time has passed."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count == 0, seconds)
