"""One scene each: a wave of letters, something that goes wrong, and what the mail server got in the end."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time as time_of_day
from datetime import timedelta
from pathlib import Path

import cast
import post
from post import MONDAY, Sink
from sqlalchemy import func, select

from faults.workers import Crew, Place, clock_at, crew
from survey_service.app import create_app
from survey_service.foundation.db import db
from survey_service.foundation.premises import furnish
from survey_service.foundation.settings import Settings
from survey_service.invitations.models import Invitation
from survey_service.outbox.models import Dispatch

#: Ten minutes before reminders' morning ends, on the day of the first one: all of them are due.
REMINDED = MONDAY + timedelta(days=2, minutes=20)
#: 10:30 in Berlin, in winter.
MORNING_ENDS = time_of_day(9, 30)
PATIENCE = 180.0
KINDS = ("invitation", "reminder", "last-day")


@dataclass(frozen=True)
class Tally:
    """What came of a scene. ``doubtful``: reminders that may not have left, listed and not sent again."""

    name: str
    database: str
    due: int
    accepted: int
    missing: int
    other_id: int
    same_id: int
    doubtful: int
    given_up: int
    kills: int
    seconds: float


@dataclass
class Scene:
    """A launched wave, its mail server and its workers."""

    place: Place
    sink: Sink
    crew: Crew
    addresses: list[str]
    kind: str = "invitation"

    def accepted(self) -> Counter[tuple[str, str]]:
        """(Address, Message-ID) -> how often the server took a letter of the kind."""
        taken = [
            (one["To"].addresses[0].addr_spec, str(one["Message-ID"])) for one in list(self.sink.letters)
        ]
        wanted = set(self.addresses)
        return Counter(pair for pair in taken if pair[0] in wanted)

    def jump(self, span: timedelta) -> None:
        """All clocks are set."""
        with self.place.ahead.get_lock():
            self.place.ahead.value += span.total_seconds()

    def wait_for(self, is_so: Callable[[], bool], seconds: float = PATIENCE) -> bool:
        """Whether it came to be in time."""
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def is_settled(self) -> bool:
        """Nothing waits any more, and no reminder has yet to be written."""
        db.session.rollback()
        waiting = select(func.count()).where(Dispatch.state.in_(("queued", "claimed", "sending")))
        unwritten = select(func.count()).where(Invitation.remind_at <= self.place.now())
        return not db.session.scalar(waiting.where(Dispatch.kind.in_(KINDS))) and not db.session.scalar(
            unwritten
        )

    def finish(self, *, workers: int = 1) -> None:
        """Until nothing waits; letters that are to be tried later are waited for by turning the clock on."""
        for _ in range(workers - len(self.crew.working)):
            self.crew.start()
        for _ in range(60):
            if self.wait_for(self.is_settled, 8):
                return
            if not self.is_sending():
                self.jump(self.until_more_is_due())

    def until_more_is_due(self) -> timedelta:
        """Two minutes; for reminders whose morning is over, until the next one nears its end."""
        is_over = self.kind == "reminder" and self.place.now().time() > MORNING_ENDS
        return timedelta(hours=23, minutes=50) if is_over else timedelta(minutes=2)

    def is_sending(self) -> bool:
        """Whether something lies with a worker, or with one that was killed."""
        db.session.rollback()
        held = select(func.count()).where(Dispatch.state.in_(("claimed", "sending")))
        return bool(db.session.scalar(held))


@contextmanager
def scene(folder: Path, database_url: str, people: int, *, reminders: bool = False) -> Iterator[Scene]:
    """A wave of so many people on a migrated database; for reminders, the invitations have left already."""
    folder.mkdir(mode=0o700, exist_ok=True, parents=True)
    with post.sink() as sink:
        environ = {
            "SURVEY_ENV": "development",
            "SURVEY_DATA_DIR": str(folder),
            "SURVEY_DATABASE_URL": database_url,
            "SURVEY_SMTP_URL": f"smtp://127.0.0.1:{sink.port}",
        }
        app = create_app(furnish(Settings.from_environ(environ)))
        with app.app_context():
            play = cast.stage(app, groups={"Operations": people}, sponsor=False)
            play.launch()
            addresses = [cast.address_of(one) for one in play.invitations()]
            place = Place(environ, clock_at(MONDAY + timedelta(minutes=1)))
            try:
                with crew(place) as workers:
                    made = Scene(place, sink, workers, addresses)
                    if reminders:
                        _let_invitations_leave(made)
                    yield made
            finally:
                db.session.remove()
                db.engine.dispose()


def _let_invitations_leave(made: Scene) -> None:
    made.finish()
    made.crew.stop()
    made.sink.letters.clear()
    made.kind = "reminder"
    made.jump(REMINDED - made.place.now())


def killed(made: Scene, kills: int, chance: random.Random) -> None:
    """One worker after another, each killed at a random moment: most amid letters, some as they start.

    The server takes five milliseconds a letter, so that there are letters left for the last of them.
    """
    made.sink.pause = 0.005
    for number in range(kills):
        before, worker = len(made.sink.letters), made.crew.start(delivers_only=number % 5 > 0)
        if chance.random() < 0.15:
            time.sleep(chance.uniform(0, 0.4))
        else:
            made.wait_for(lambda before=before: _is_at_it(made, before), 30)  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.03))
        made.crew.kill(worker)
    made.finish()


def _is_at_it(made: Scene, before: int) -> bool:
    """Another letter has arrived, or none is left to wait for."""
    return len(made.sink.letters) > before or made.is_settled()


def crowded(made: Scene, kills: int, chance: random.Random) -> None:
    """Two schedulers and three workers at once; one after the other is killed and another starts."""
    for number in range(5):
        made.crew.start(delivers_only=number > 1)
    for number in range(kills):
        time.sleep(chance.uniform(0.05, 0.3))
        made.crew.kill(chance.choice(made.crew.working))
        made.crew.start(delivers_only=number % 2 == 0)
    made.finish(workers=5)


def down(made: Scene, _: int, __: random.Random) -> None:
    """Nobody takes letters at first."""
    made.sink.leave()
    made.crew.start()
    time.sleep(3)
    made.sink.come_back()
    made.finish()


def slow(made: Scene, _: int, __: random.Random) -> None:
    """The server takes a quarter of a second for each letter."""
    made.sink.pause = 0.25
    made.finish(workers=2)


def greylisted(made: Scene, _: int, __: random.Random) -> None:
    """451 at the first try of every address."""
    made.sink.answers.update({address: ["451 4.7.1 come back later"] for address in made.addresses})
    made.finish()


def one_refused(made: Scene, _: int, __: random.Random) -> None:
    """550 for one of them."""
    made.sink.answers[made.addresses[7]] = ["550 5.1.1 no such user"] * 99
    made.finish()


def dropped(made: Scene, _: int, __: random.Random) -> None:
    """The connection breaks after the letter was read, for one in ten."""
    made.sink.drops.update(made.addresses[::10])
    made.finish()


def jumping(made: Scene, _: int, __: random.Random) -> None:
    """While letters leave slowly the clock jumps an hour on, and an hour back."""
    made.sink.pause = 0.05
    for _number in range(2):
        made.crew.start()
    for hours in (1, -1):
        taken = len(made.sink.letters)
        made.wait_for(lambda taken=taken: len(made.sink.letters) > taken + 20, 20)  # type: ignore[misc]
        made.jump(timedelta(hours=hours))
    made.finish(workers=2)


def told(made: Scene, name: str, database: str, seconds: float) -> Tally:
    """Counted at the server, and what the outbox says of the rest."""
    taken = made.accepted()
    reached = {address for address, _ in taken}
    ids = Counter(address for address, _ in taken)
    db.session.rollback()
    states = db.session.execute(
        select(Dispatch.to_address, Dispatch.state).where(Dispatch.kind.in_(KINDS), Dispatch.state != "sent")
    ).all()
    doubtful = {address for address, state in states if state == "uncertain"}
    given_up = {address for address, state in states if state == "given_up"}
    missing = set(made.addresses) - reached - given_up - (doubtful if made.kind == "reminder" else set())
    return Tally(
        name=name,
        database=database,
        due=len(made.addresses),
        accepted=len(reached),
        missing=len(missing),
        other_id=sum(count - 1 for count in ids.values()),
        same_id=sum(count - 1 for count in taken.values()),
        doubtful=len(doubtful),
        given_up=len(given_up),
        kills=made.crew.kills,
        seconds=seconds,
    )


def play(
    act: Callable[[Scene, int, random.Random], None],
    *,
    name: str,
    folder: Path,
    database_url: str,
    people: int,
    kills: int = 0,
    reminders: bool = False,
    seed: int = 1,
) -> Tally:
    """One scene from launch to tally."""
    with scene(folder, database_url, people, reminders=reminders) as made:
        began = time.monotonic()
        act(made, kills, random.Random(seed))
        seconds = time.monotonic() - began
        made.crew.stop()
        return told(made, name, database_url.split(":", 1)[0].split("+")[0], seconds)
