"""Starting: until the first answer, memory of a worker, and what it costs to stand still."""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench import figures
from bench.figures import Figure
from bench.place import launched, place, workspace
from bench.serving import call, resident_megabytes, serving

IDLE_SECONDS = 10


def starting(folder: Path) -> Iterator[Figure]:
    """The site as `./run` starts it, once the tables are made."""
    with place(folder) as made:
        _, tokens = launched(workspace(), 60)
        environ = made.environ
    bare_environ = {**environ, "BENCH_PAGE": os.devnull}
    turns = figures.taking_turns(
        lambda: _first_answer("wsgi:app", environ), lambda: _first_answer("bench.bare:app", bare_environ), 3
    )
    ratio = figures.ratio(*turns)
    yield Figure(
        "start to first answer",
        figures.spread(turns[0], " s", 2),
        f"bare Flask app: {figures.spread(turns[1], ' s', 2)}",
        ratio,
        "at most 2.5 s",
        figures.quantile(turns[0], 0.5) <= 2.5,
    )
    with serving("wsgi:app", environ) as port:
        call(port, "page", tokens, [("Q01", "4"), ("go", "next")], seconds=3)
        workers = _workers(port)
        memory = max(map(resident_megabytes, workers))
        before = _processor_seconds(workers)
        time.sleep(IDLE_SECONDS)
        idle = (_processor_seconds(workers) - before) / IDLE_SECONDS
    yield Figure("memory of a web worker", f"{memory:.0f} MB", "", None, "at most 120 MB", memory <= 120)
    yield Figure("processor of the site at rest", f"{idle:.2%}", "", None, "nothing measurable", idle < 0.005)


def _first_answer(app: str, environ: Mapping[str, str]) -> float:
    begun = time.perf_counter()
    with serving(app, environ):
        return time.perf_counter() - begun


def _workers(port: int) -> list[int]:
    """Gunicorn's workers at the port, by their command line (Linux)."""
    address = f"127.0.0.1:{port}".encode()
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = line.read_bytes()
            if b"gunicorn" in words and address in words:
                found.append(int(line.parent.name))
    return found


def _processor_seconds(processes: list[int]) -> float:
    ticks = os.sysconf("SC_CLK_TCK")
    fields = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in processes]
    return sum(int(one[11]) + int(one[12]) for one in fields) / ticks
