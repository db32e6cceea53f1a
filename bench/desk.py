"""The desk: overview and roster page with a lot on them, and reading rosters."""

import csv
import gc
import io
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import event

from bench import figures
from bench.figures import Figure
from bench.place import ADDRESS, PASSWORD, Place, engagement, people, place, workspace
from survey_service.engagements import roster
from survey_service.engagements.models import Engagement
from survey_service.engagements.roster_csv import roster_to_csv
from survey_service.foundation.db import db, transaction
from survey_service.workspaces.scope import Scope

ENGAGEMENTS, PEOPLE = 500, 5_000
#: Of fewer the 95th of a hundred would be the slowest.
TIMES = 60
#: Rows of a file: of such people 2 MiB, the most that is taken, hold hardly more.
FILE = 25_000
#: Memory is bounded if the largest file needs no more than this.
MOST_MEGABYTES = 50


def pages(folder: Path) -> Iterator[Figure]:
    """As Ines sees them, through the app without a server between."""
    with place(folder) as made:
        made.app.config["WTF_CSRF_ENABLED"] = False
        scope = workspace()
        with transaction():
            for number in range(ENGAGEMENTS):
                engagement(scope, 5, buyer=f"Buyer {number}")
        client = _signed_in(made)
        yield _page(client, "/desk/", f"overview with {ENGAGEMENTS} engagements")
        with transaction():
            key = engagement(scope, PEOPLE).key
        yield _page(client, f"/desk/engagements/{key}/roster", f"roster page with {PEOPLE:,} people")


def _signed_in(made: Place) -> FlaskClient:
    client = made.app.test_client()
    client.post("/sign-in", data={"email": ADDRESS, "password": PASSWORD})
    return client


def _page(client: FlaskClient, address: str, what: str) -> Figure:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *facts: asked.append(facts[2]))
    answer = client.get(address, follow_redirects=True)
    queries = len(asked)
    assert answer.status_code == 200, (address, answer.status_code)
    gc.collect()
    gc.freeze()  # as wsgi.py does once all is loaded
    took = [figures.seconds(lambda: client.get(address, follow_redirects=True)) * 1000 for _ in range(TIMES)]
    tail = figures.quantile(took, 0.95)
    ours = f"{figures.spread(took, ' ms')}, p95 {tail:.0f} ms, {queries} queries"
    return Figure(what, ours, "", None, "p95 under 150 ms", tail < 150)


def rosters(folder: Path) -> Iterator[Figure]:
    """5,000 and 50,000 rows: read, judged and stored on an empty roster, in as few files as may hold them."""
    with place(folder):
        scope = workspace()
        for count in (PEOPLE, 10 * PEOPLE):
            files = _files(count)
            peak = _megabytes(partial(_imported, scope, files))
            gc.collect()
            gc.freeze()
            took, bare = figures.taking_turns(
                partial(_imported, scope, files), partial(figures.seconds, partial(_bare, files))
            )
            ratio = figures.ratio(took, bare)
            yield Figure(
                f"roster of {count:,} rows: read, judge, store",
                f"{figures.spread(took, ' s', 3)}, {peak:.0f} MB of memory at most",
                f"csv.DictReader alone: {figures.spread(bare, ' s', 3)}",
                ratio,
                f"at most 10; {MOST_MEGABYTES} MB",
                ratio <= 10 and peak <= MOST_MEGABYTES,
            )


def _files(count: int) -> list[bytes]:
    everyone = people(count, f"r{count}.example")
    return [roster_to_csv(everyone[start : start + FILE]) for start in range(0, count, FILE)]


def _imported(scope: Scope, files: Sequence[bytes]) -> float:
    """Seconds until all of them stand on the roster of a new engagement, each file a transaction."""
    with transaction():
        made = engagement(scope, 0)
    return figures.seconds(partial(_import, made, files))


def _import(made: Engagement, files: Sequence[bytes]) -> None:
    for content in files:
        with transaction():
            judged = roster.judge_file(made, content, refused_domains=())
            assert not judged.bad
            roster.add_all(made, judged.good, who="Ines", at=made.created_at)


def _megabytes(work: Callable[[], object]) -> float:
    """The most memory that Python holds for the work at any time."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1024**2


def _bare(files: Sequence[bytes]) -> int:
    return sum(1 for one in files for _ in csv.DictReader(io.StringIO(one.decode("utf-8-sig"))))
