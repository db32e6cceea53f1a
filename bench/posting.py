"""The post: delivering letters beside a plain smtplib loop, and finding which reminders are due."""

import contextlib
import os
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rig import postgres
from sqlalchemy import func, insert, select, update

from bench import figures
from bench.answering import server
from bench.figures import Figure
from bench.place import launched, place, workspace
from survey_service.app import create_app
from survey_service.foundation.db import db, transaction
from survey_service.foundation.installation import installation
from survey_service.foundation.premises import furnish
from survey_service.foundation.settings import Settings
from survey_service.foundation.tokens import fresh_identity, fresh_key
from survey_service.invitations.models import Invitation
from survey_service.outbox import delivery
from survey_service.outbox.models import Dispatch
from survey_service.outbox.transports import Smtp
from survey_service.scheduler import letters, reminding
from survey_service.waves.models import Wave

LETTERS = 10_000
WAVES, PEOPLE = 1_000, 100
FRIDAY = 4


def delivering(folder: Path) -> Iterator[Figure]:
    """Invitations of one wave, by one worker on SQLite and by one and two on PostgreSQL."""
    with _sink() as port:
        sample = None
        with place(folder / "sqlite") as made:
            launched(workspace(), LETTERS)
            sample = _sample()
            ours = _drained([made.environ], port)
        plain = [LETTERS / figures.seconds(lambda: _plain(port, sample, LETTERS)) for _ in range(2)]
        ratio = figures.ratio([ours], plain)
        yield Figure(
            "delivery, one worker on SQLite",
            f"{ours:,.0f} letters/s",
            f"smtplib, one connection, a ready letter: {figures.spread(plain, '/s')}",
            ratio,
            "at least 0.8; 300 letters/s",
            ratio >= 0.8 and ours >= 300,
        )
        with server(folder) as address:
            rates = []
            for workers in (1, 2):
                name = postgres.create(address, f"post{workers}")
                with place(folder / f"pg{workers}", name) as made:
                    launched(workspace(), LETTERS)
                    rates.append(_drained([made.environ] * workers, port))
        ratio = rates[1] / rates[0]
        yield Figure(
            "delivery on PostgreSQL, two workers",
            f"{rates[1]:,.0f} letters/s",
            f"one worker: {rates[0]:,.0f} letters/s",
            ratio,
            "at least 1.6",
            ratio >= 1.6,
        )


def reminders(folder: Path) -> Iterator[Figure]:
    """One tick over 1,000 waves of 100 people, none of whose reminders is due but one wave's."""
    with place(folder):
        at = _a_morning()
        _many_waves(at)
        took = figures.seconds(lambda: reminding.remind_due(at=at))
        written = db.session.scalar(select(func.count()).select_from(Dispatch)) or 0
        idle = [figures.seconds(lambda: reminding.remind_due(at=at)) for _ in range(5)]
    yield Figure(
        f"one tick of reminders over {WAVES:,} waves of {PEOPLE} people",
        f"{took:.2f} s with {written} due, {figures.spread(idle, ' s', 3)} with none",
        "",
        None,
        "under 2 s",
        took < 2,
    )


def _a_morning() -> datetime:
    """Half past nine in Berlin on the next working day but one: letters may leave then."""
    at = datetime.now(ZoneInfo("Europe/Berlin")).replace(hour=9, minute=30, second=0) + timedelta(days=2)
    while at.weekday() > FRIDAY:
        at += timedelta(days=1)
    return at.astimezone(UTC)


def _many_waves(at: datetime) -> None:
    """Copies of one wave and its invitations, as rows; finished ones among them. The first one's are due."""
    scope = workspace()
    first, _ = launched(scope, PEOPLE)
    with transaction():
        db.session.execute(update(Invitation).values(remind_at=at - timedelta(minutes=1)))
        db.session.query(Dispatch).delete()
        people = list(db.session.scalars(select(Invitation.stakeholder_id)))
        for number in range(2, WAVES + 1):
            state = "open" if number % 2 else "released"
            wave = Wave(
                engagement_id=first.engagement_id,
                number=number,
                key=fresh_key(),
                state=state,
                terms=first.terms,
                terms_sha256=first.terms_sha256,
                public_key=first.public_key,
                launched_at=first.launched_at,
                closes_at=first.closes_at,
            )
            db.session.add(wave)
            db.session.flush()
            due = at + timedelta(days=2) if state == "open" else None
            rows = [
                {
                    "wave_id": wave.id,
                    "stakeholder_id": person,
                    "group_name": "Sales",
                    "link": fresh_identity(),
                    "remind_at": due,
                }
                for person in people
            ]
            db.session.execute(insert(Invitation), rows)


def _sample() -> bytes:
    """A letter as it would leave, for the baseline to repeat."""
    row = db.session.scalars(select(Dispatch).limit(1)).one()
    letter = letters.renderer(installation(), at=datetime.now(UTC))(row)
    return letter.content


def _plain(port: int, letter: bytes, count: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for number in range(count):
            connection.sendmail("no-reply@example.org", [f"p{number}@example.org"], letter)


def _drained(environs: list[dict[str, str]], port: int) -> float:
    """Letters a second until none is left, each worker a process of its own."""
    command = [sys.executable, "-m", "bench.posting", str(port)]
    begun = time.perf_counter()
    workers = [subprocess.Popen(command, env=environ) for environ in environs]  # noqa: S603 - our own
    for worker in workers:
        if worker.wait():
            raise RuntimeError("a worker failed")
    took = time.perf_counter() - begun
    db.session.rollback()
    left = db.session.scalar(select(func.count()).select_from(Dispatch).where(Dispatch.state != "sent")) or 0
    sent = db.session.scalar(select(func.count()).select_from(Dispatch).where(Dispatch.state == "sent")) or 0
    assert left < 10, left
    return sent / took


def _work(port: int) -> None:
    """A worker: rounds of delivery until the outbox is empty."""
    app = create_app(furnish(Settings.from_environ(os.environ)))
    with app.app_context():
        while True:
            at = datetime.now(UTC)
            render = letters.renderer(installation(), at=at)
            done = delivery.deliver_due(
                transport=Smtp(f"smtp://127.0.0.1:{port}"),
                render=render,
                look_ahead=render.look_ahead,
                at=at,
            )
            if not done.sent:
                return


@contextlib.contextmanager
def _sink() -> Iterator[int]:
    """A mail server in a process of its own that takes everything and keeps nothing."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port)])  # noqa: S603 - our own
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    _work(int(sys.argv[1]))
