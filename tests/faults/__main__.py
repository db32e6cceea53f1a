"""`./run faults`: every scene on both databases, and the table of docs/operations.md."""

import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rig import postgres

from faults import scenes
from faults.scenes import Scene, Tally
from survey_service.app import create_app
from survey_service.foundation.db import db
from survey_service.foundation.premises import furnish
from survey_service.foundation.settings import Settings
from survey_service.foundation.upgrade import upgrade

DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"
BEGIN, END = "<!-- faults: begin -->\n", "<!-- faults: end -->\n"


@dataclass(frozen=True)
class Trial:
    """One line of the table."""

    name: str
    act: Callable[[Scene, int, random.Random], None]
    people: int = 200
    kills: int = 0
    reminders: bool = False
    databases: Sequence[str] = ("sqlite", "postgresql")


TRIALS = (
    Trial("invitations, worker killed 200 times", scenes.killed, people=1000, kills=200),
    Trial("reminders, worker killed 60 times", scenes.killed, people=300, kills=60, reminders=True),
    Trial("two schedulers and three workers", scenes.crowded, people=500),
    Trial("the same, 40 of them killed", scenes.crowded, people=500, kills=40),
    Trial("mail server down, then back", scenes.down),
    Trial("mail server slow (0.25 s a letter)", scenes.slow, people=60),
    Trial("greylisting (451 at first)", scenes.greylisted),
    Trial("one recipient refused (550)", scenes.one_refused),
    Trial("connection dropped after DATA, one in ten", scenes.dropped),
    Trial("the same with reminders", scenes.dropped, reminders=True),
    Trial("clock jumps an hour on and back", scenes.jumping),
)
HEAD = (
    "| what goes wrong | database | kills | due | accepted | missing | repeated, other id "
    "| repeated, same id | in doubt, not repeated | given up |\n"
    "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n"
)


def main(words: Sequence[str]) -> int:
    """Play what is asked for (all, or those whose name holds a word); with ``--write`` into the document."""
    if "--help" in words:
        print("faults [WORD ...] [--write]: scenes whose name holds a word, or all (nine minutes)")
        return 0
    wanted = [word for word in words if not word.startswith("--")]
    tallies = []
    with tempfile.TemporaryDirectory(prefix="cg-faults-") as folder, server() as facts:
        for tally in played(Path(folder), facts, wanted):
            print(line(tally), f"{tally.seconds:.0f} s", flush=True)
            tallies.append(tally)
    if "--write" in words:
        write(tallies)
    return 0 if all(is_right(tally) for tally in tallies) else 1


def played(folder: Path, facts: Mapping[str, str], wanted: Sequence[str]) -> Iterator[Tally]:
    """Each trial on each of its databases."""
    restart = Trial("PostgreSQL restarted in the middle, twice", restarting(facts), databases=("postgresql",))
    for number, trial in enumerate((*TRIALS, restart)):
        if wanted and not any(word in trial.name for word in wanted):
            continue
        for kind in trial.databases:
            place = folder / f"{kind}{number}"
            place.mkdir(mode=0o700)
            yield scenes.play(
                trial.act,
                name=trial.name,
                folder=place,
                database_url=database(kind, place, facts),
                people=trial.people,
                kills=trial.kills,
                reminders=trial.reminders,
                seed=number,
            )


def restarting(facts: Mapping[str, str]) -> Callable[[Scene, int, random.Random], None]:
    """The server is stopped as if its plug were pulled, and started, while letters leave."""

    def act(made: Scene, _: int, __: random.Random) -> None:
        made.sink.pause = 0.01
        db.session.remove()
        db.engine.dispose()
        for number in range(3):
            made.crew.start(delivers_only=number > 0)
        for _number in range(2):
            taken = len(made.sink.letters)
            made.wait_for(lambda taken=taken: len(made.sink.letters) > taken + 50, 20)  # type: ignore[misc]
            postgres.restart(facts)
        made.finish(workers=3)

    return act


@contextmanager
def server() -> Iterator[dict[str, str]]:
    """A PostgreSQL of this run's own, that writes through to the disk as one in use does."""
    with tempfile.TemporaryDirectory(prefix="cg-faults-pg-") as folder:
        Path(folder).chmod(0o755)
        facts = postgres.start(Path(folder), postgres.SMALL)
        try:
            yield facts
        finally:
            postgres.stop(facts)


def database(kind: str, place: Path, facts: Mapping[str, str]) -> str:
    """A migrated database of its own."""
    url = f"sqlite:///{place / 'common-ground.sqlite'}"
    if kind == "postgresql":
        url = postgres.create(facts["address"], f"faults_{place.name}")
    environ = {"SURVEY_ENV": "development", "SURVEY_DATA_DIR": str(place), "SURVEY_DATABASE_URL": url}
    with create_app(furnish(Settings.from_environ(environ))).app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return url


def is_right(tally: Tally) -> bool:
    """Nothing missing, nothing under two names, and no more repeats than what went wrong explains."""
    excused = tally.kills + (tally.due // 10 if "dropped" in tally.name else 0)
    excused += 2 * 3 if "restarted" in tally.name else 0
    is_quiet = "reminders" in tally.name
    return tally.missing == 0 and tally.other_id == 0 and tally.same_id <= (0 if is_quiet else excused)


def line(tally: Tally) -> str:
    """One line of the table."""
    facts = (tally.kills, tally.due, tally.accepted, tally.missing, tally.other_id, tally.same_id)
    cells = [tally.name, tally.database, *map(str, (*facts, tally.doubtful, tally.given_up))]
    return f"| {' | '.join(cells)} |"


def write(tallies: Sequence[Tally]) -> None:
    """Into the document, between its marks."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    table = HEAD + "".join(f"{line(tally)}\n" for tally in tallies)
    on = f"Played on {datetime.now(UTC):%d %B %Y} by `./run faults --write`.\n\n"
    DOCUMENT.write_text(f"{before}{BEGIN}{on}{table}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
