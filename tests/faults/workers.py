"""Real workers in processes of their own, killed without warning; all on one clock that can jump."""

import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.sharedctypes import Synchronized

from flask import Flask

from survey_service.app import create_app
from survey_service.foundation.premises import furnish
from survey_service.foundation.settings import Settings
from survey_service.outbox.paces import Pace
from survey_service.outbox.postman import Postman, Watch
from survey_service.scheduler import runner, timetable

CONTEXT: ForkServerContext = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["faults.workers"])

#: What is done how often here; the rest of the timetable as always.
QUICK = {"deliver letters": timedelta(seconds=0.1), "remind": timedelta(seconds=0.5)}


@dataclass(frozen=True)
class Place:
    """Where workers work: the environment they read, how long leases last, seconds the clock is ahead."""

    environ: dict[str, str]
    ahead: "Synchronized[float]"
    lease: timedelta = timedelta(seconds=4)

    def now(self) -> datetime:
        """The moment every worker here believes it is."""
        return datetime.now(UTC) + timedelta(seconds=self.ahead.value)


def clock_at(moment: datetime) -> "Synchronized[float]":
    """A clock for all workers that begins at the moment; add seconds to its value and it jumps."""
    ahead: Synchronized[float] = CONTEXT.Value("d", (moment - datetime.now(UTC)).total_seconds())
    return ahead


def work(app: Flask, place: Place, *, delivers_only: bool) -> None:
    """The body of a worker: the real runner, until it is killed."""
    lines = [replace(one, interval=QUICK.get(one.name, one.interval)) for one in timetable.TIMETABLE]
    if delivers_only:
        lines = [one for one in lines if one.name == "deliver letters"]
    worker = Postman(pace=Pace(), watch=Watch(lease=place.lease), lease=place.lease)
    runner.run_forever(app, lines, worker, place.now)


def nursery(place: Place, wishes: Connection) -> None:
    """Workers are forked from here, with the app made already: they are at work within a few hundredths."""
    logging.disable(logging.CRITICAL)
    app = create_app(furnish(Settings.from_environ(place.environ)))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ends is gone at once
    while True:
        try:
            delivers_only = wishes.recv()
        except EOFError:
            return
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                work(app, place, delivers_only=delivers_only)
            finally:
                os._exit(0)
        wishes.send(child)


class Crew:
    """Workers at one place, by the numbers of their processes."""

    def __init__(self, place: Place) -> None:
        self.place, self.working, self.kills = place, list[int](), 0
        self._wishes, theirs = CONTEXT.Pipe()
        self._nursery = CONTEXT.Process(target=nursery, args=(place, theirs), daemon=True)
        self._nursery.start()
        theirs.close()

    def start(self, *, delivers_only: bool = False) -> int:
        """One more worker."""
        self._wishes.send(delivers_only)
        made: int = self._wishes.recv()
        self.working.append(made)
        return made

    def kill(self, worker: int) -> None:
        """SIGKILL: it cannot finish anything."""
        os.kill(worker, signal.SIGKILL)
        _wait_for_end(worker)
        self.working.remove(worker)
        self.kills += 1

    def stop(self) -> None:
        """SIGTERM to all, and wait."""
        for worker in self.working:
            os.kill(worker, signal.SIGTERM)
        for worker in self.working:
            _wait_for_end(worker)
        self.working.clear()

    def close(self) -> None:
        """Nobody is left behind."""
        for worker in self.working:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        self._wishes.close()
        self._nursery.join(10)


def _wait_for_end(worker: int) -> None:
    """Ten seconds at most."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        time.sleep(0.005)
    raise TimeoutError(f"worker {worker} does not end")


@contextmanager
def crew(place: Place) -> Iterator[Crew]:
    """Workers for as long as the block lasts."""
    made = Crew(place)
    try:
        yield made
    finally:
        made.close()
