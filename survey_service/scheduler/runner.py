"""The clock: APScheduler turns the timetable in one process, as long as it lives."""

import signal
from types import FrameType

from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from survey_service.foundation.clock import now
from survey_service.foundation.installation import installation
from survey_service.scheduler.timetable import TIMETABLE, Every, run


def run_forever(app: Flask) -> None:
    """Run every line of the timetable at its interval until SIGTERM or SIGINT; work under way is finished."""
    clock = BlockingScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600}
    )
    for entry in TIMETABLE:
        clock.add_job(
            _turn, "interval", args=(app, entry), seconds=entry.interval.total_seconds(), next_run_time=now()
        )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        clock.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    clock.start()


def _turn(app: Flask, entry: Every) -> None:
    with app.app_context():
        run(entry, installation(), at=now())
