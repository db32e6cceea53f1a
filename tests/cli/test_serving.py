"""Starting and stopping, by real processes: one sentence for what stops the start, a clean end on Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from rig import house

COMMAND = [sys.executable, "-m", "flask", "--app", "wsgi", "survey"]
PATIENCE = 90  #: seconds, on a machine that does much else


def environ(place: Path, **more: str) -> dict[str, str]:
    """Ours without any setting of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SURVEY_")}
    return kept | {"SURVEY_ENV": "development", "SURVEY_DATA_DIR": str(place)} | more


def typed(place: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*COMMAND, *words], cwd=house.ROOT, env=environ(place, **more), capture_output=True, text=True
    )


@pytest.fixture
def port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("setting", "value", "advice"),
    [
        ("SURVEY_SMPT_URL", "smtp://localhost", "Did you mean SURVEY_SMTP_URL?"),
        ("SURVEY_DATABASE_URL", "mysql://x/y", "must begin with sqlite:/// or postgresql://"),
        ("SURVEY_ENV", "production", "is not set"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence(
    tmp_path: Path, setting: str, value: str, advice: str
) -> None:
    done = typed(tmp_path / "data", "doctor", **{setting: value})
    assert done.returncode == 1
    assert advice in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "data").exists()


@pytest.mark.slow
def test_the_site_starts_shows_its_demo_and_stops_cleanly_on_ctrl_c(tmp_path: Path, port: int) -> None:
    """And a second start changes nothing."""
    address = f"http://127.0.0.1:{port}"
    first = _served(tmp_path, address)
    assert "Sign in" in first
    mailbox = len(list((tmp_path / "data" / "mailbox").rglob("*.eml")))
    assert mailbox > 10
    second = _served(tmp_path, address)
    assert "Sign in" in second
    assert len(list((tmp_path / "data" / "mailbox").rglob("*.eml"))) == mailbox


def _served(tmp_path: Path, address: str) -> str:
    """Start, wait until it answers, press Ctrl-C; what it said."""
    log = tmp_path / "log"
    with log.open("w") as output:
        site = subprocess.Popen(
            [*COMMAND, "serve"],
            cwd=house.ROOT,
            env=environ(tmp_path / "data", SURVEY_BASE_URL=address),
            stdout=output,
            stderr=output,
        )
    try:
        _wait(address, site)
        with urllib.request.urlopen(f"{address}/dev/mailbox", timeout=PATIENCE) as answer:
            assert answer.status == 200
        time.sleep(4)  # the timetable's first turns
    finally:
        site.send_signal(signal.SIGINT)
        code = site.wait(PATIENCE)
    said = log.read_text()
    assert code == 0, said
    assert "Traceback" not in said
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(address.rpartition(":")[2]))) != 0
    return said


def _wait(address: str, site: "subprocess.Popen[bytes]") -> None:
    for _ in range(PATIENCE * 5):
        assert site.poll() is None, "the site ended by itself"
        try:
            urllib.request.urlopen(address, timeout=PATIENCE).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the site never answered")


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        place = f"127.0.0.1:{other.getsockname()[1]}"
        done = typed(tmp_path / "data", "serve", SURVEY_BASE_URL=f"http://{place}")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"Another program already listens on {place}" in done.stderr
