"""Imports run downhill to a core that is plain arithmetic, and each library has one seam."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from rig import house

#: Starts without Pango and scipy: they are imported when a PDF, or an audit, is asked for.
LATE_IMPORTS = {"survey_service/reports/pdf.py", "survey_service/aggregator/audit/system.py"}
CLOCK = {"survey_service/foundation/clock.py"}
WHAT_TIME_IS_IT = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}


def test_the_import_contracts_hold() -> None:
    """The contracts stand in pyproject.toml; ./run check runs them too."""
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([tool, "--no-cache"], cwd=house.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_nothing_is_imported_inside_a_function() -> None:
    """A cycle is the bug; a late import only hides it."""
    late = [place for path in house.modules() for place in _late_imports(path)]
    assert [place for place in late if place.partition(":")[0] not in LATE_IMPORTS] == []


def test_no_process_on_sqlite_loads_the_driver_of_the_other_database() -> None:
    """It weighs 9 MB; SQLAlchemy loads it where it is needed."""
    rooms = [path for path in house.modules() if house.named(path).startswith("survey_service/")]
    loaded = {name for path in rooms for node in house.tree(path).body for name in _imported(node)}
    assert "sqlalchemy" in loaded
    assert "psycopg" not in loaded


def test_only_the_clock_asks_what_time_it_is() -> None:
    """Rooms are told the time: so a test can say when it is."""
    asked = [place for path in house.modules() for place in _asks_the_time(path)]
    places = {place.partition(":")[0] for place in asked}
    assert {place for place in places if not place.startswith("bench/")} == CLOCK


def _late_imports(path: Path) -> Iterator[str]:
    for function in house.functions(path):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"{house.named(path)}:{node.lineno}"


def _imported(node: ast.stmt) -> set[str]:
    """The packages that the statement loads; one under "if TYPE_CHECKING" loads nothing."""
    if isinstance(node, ast.Import):
        return {one.name.partition(".")[0] for one in node.names}
    return {(node.module or "").partition(".")[0]} if isinstance(node, ast.ImportFrom) else set()


def _asks_the_time(path: Path) -> Iterator[str]:
    for node in ast.walk(house.tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if (owner, node.attr) in WHAT_TIME_IS_IT:
                yield f"{house.named(path)}:{node.lineno}"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            for name in node.names:
                if ("time", name.name) in WHAT_TIME_IS_IT:
                    yield f"{house.named(path)}:{node.lineno}"
