"""Real workers in processes of their own, killed without warning; all on one clock that can jump."""

import logging
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import Synchronized

from survey_service.app import create_app
from survey_service.foundation.premises import furnish
from survey_service.foundation.settings import Settings
from survey_service.outbox.postman import Pace, Postman, Watch
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


def work(place: Place, *, delivers_only: bool) -> None:
    """The body of a worker: the real runner, until it is killed."""
    logging.disable(logging.CRITICAL)
    app = create_app(furnish(Settings.from_environ(place.environ)))
    lines = [replace(one, interval=QUICK.get(one.name, one.interval)) for one in timetable.TIMETABLE]
    if delivers_only:
        lines = [one for one in lines if one.name == "deliver letters"]
    worker = Postman(pace=Pace(), watch=Watch(lease=place.lease), lease=place.lease)
    runner.run_forever(app, lines, worker, place.now)


@dataclass
class Crew:
    """Workers at one place."""

    place: Place
    working: list[BaseProcess] = field(default_factory=list)
    kills: int = 0

    def start(self, *, delivers_only: bool = False) -> BaseProcess:
        """One more worker."""
        made = CONTEXT.Process(target=work, args=(self.place,), kwargs={"delivers_only": delivers_only})
        made.start()
        self.working.append(made)
        return made

    def kill(self, worker: BaseProcess) -> None:
        """SIGKILL: it cannot finish anything."""
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        worker.join(30)
        self.working.remove(worker)
        self.kills += 1

    def stop(self) -> None:
        """SIGTERM to all, and wait."""
        for worker in self.working:
            worker.terminate()
        for worker in self.working:
            worker.join(10)
            assert not worker.is_alive()
        self.working.clear()


@contextmanager
def crew(place: Place) -> Iterator[Crew]:
    """Nobody is left behind."""
    made = Crew(place)
    try:
        yield made
    finally:
        for worker in made.working:
            worker.kill()
            worker.join(10)
