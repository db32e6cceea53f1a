"""python -m bench [NAME ...]: measure all, or what is named; the whole becomes bench/results.md."""

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path

from bench import answering, closing, desk, posting, reading, starting
from bench.figures import Figure

RESULTS = Path(__file__).with_name("results.md")
ROWS: dict[str, Callable[[Path], Iterator[Figure]]] = {
    "page": answering.question_page,
    "sqlite": answering.deposits_on_sqlite,
    "postgresql": answering.deposits_on_postgresql,
    "counting": closing.counting,
    "closing": closing.closing,
    "report": reading.report,
    "desk": desk.pages,
    "rosters": desk.rosters,
    "delivery": posting.delivering,
    "reminders": posting.reminders,
    "starting": starting.starting,
}


def main(names: list[str]) -> None:
    """Measure, print each line as it comes, write the table when nothing was left out."""
    for name in set(names) - set(ROWS):
        sys.exit(f"There is no measurement {name!r}; there are: {', '.join(ROWS)}.")
    found: list[Figure] = []
    for name in names or ROWS:
        with tempfile.TemporaryDirectory(prefix="cg-bench-", ignore_cleanup_errors=True) as folder:
            Path(folder).chmod(0o755)
            for figure in _measured(name, Path(folder)):
                found.append(figure)
                sys.stdout.write(figure.row() + "\n")
                sys.stdout.flush()
    if not names:
        RESULTS.write_text(_page(found))


def _measured(name: str, folder: Path) -> Iterator[Figure]:
    """What one measurement says; where it breaks off, that it did: the others are worth having."""
    try:
        yield from ROWS[name](folder)
    except Exception as fault:
        yield Figure(name, f"broke off: {type(fault).__name__}", "", None, "", holds=False)


def _page(found: list[Figure]) -> str:
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("Flask", "SQLAlchemy", "WeasyPrint", "gunicorn")
    )
    lines = [
        "# What was measured",
        "",
        f"{date.today():%d %B %Y}, {os.cpu_count()} cores, Python {platform.python_version()}, {packages}. "  # noqa: DTZ011 - the day on this desk
        "Each figure stands beside a baseline of the same minute on the same machine; medians, lowest to "
        "highest in brackets. `./run bench` makes this page anew.",
        "",
        "| what | here | baseline | ratio | limit | |",
        "|---|---|---|---:|---|---|",
        *(figure.row() for figure in found),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
