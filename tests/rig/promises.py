"""One line for each promise: what it says, and whether it held."""

from collections import defaultdict
from pathlib import Path

from _pytest.terminal import TerminalReporter


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Group the run's results by file and say each file's promise."""
    results: dict[str, set[str]] = defaultdict(set)
    figures: dict[str, list[str]] = defaultdict(list)
    for outcome in ("passed", "failed", "error", "skipped"):
        for one in terminalreporter.stats.get(outcome, []):
            file = one.nodeid.split("::")[0]
            results[file].add(outcome)
            figures[file] += [str(said) for name, said in one.user_properties if name == "figure"]
    terminalreporter.section("promises")
    for file, outcomes in sorted(results.items()):
        verdict = (
            "BROKEN"
            if outcomes & {"failed", "error"}
            else "not fully tried"
            if "skipped" in outcomes
            else "kept"
        )
        terminalreporter.write_line(f"{verdict:16}{_promise(Path(file))}")
        for figure in sorted(set(figures[file])):
            terminalreporter.write_line(f"{'':16}  {figure}")


def _promise(file: Path) -> str:
    first = file.read_text().split("\n", 1)[0].strip('" ')
    return first or file.stem
