"""The end of a run: skipped tests are counted and named; in CI one that lacked a tool is a failure."""

import os

import pytest
from _pytest.terminal import TerminalReporter


def pytest_terminal_summary(
    terminalreporter: TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Name what was not tried."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section(f"{len(skipped)} skipped")
        for one in skipped:
            reason = one.longrepr[2] if isinstance(one.longrepr, tuple) else str(one.longrepr)
            terminalreporter.write_line(f"{one.nodeid}: {reason.removeprefix('Skipped: ')}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true a test that was skipped for a missing tool fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    lacking = [
        one
        for one in (reporter.stats.get("skipped", []) if reporter else [])
        if "missing tool" in str(one.longrepr)
    ]
    if lacking and os.environ.get("CI") == "true" and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
