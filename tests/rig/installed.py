"""An installation as docs/operations.md tells it: its settings, its two services, in places of ours."""

import os
import re
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode

import psycopg

from rig import house, postgres

PAPER = (house.ROOT / "docs" / "operations.md").read_text()
#: What the paper calls the place, and where the tests run it.
PLACE = "/opt/common-ground/.venv/bin/"
PATIENCE = 60


def settings_told() -> dict[str, str]:
    """The file of step 4, name by name."""
    return dict(re.findall(r"^   (SURVEY_\w+)=(.*)$", PAPER, re.MULTILINE))


def services() -> list[list[str]]:
    """The words of the two services of step 6: the site, the clock."""
    web = re.search(r"^   ExecStart=(.*)$", PAPER, re.MULTILINE)
    clock = re.search(r"`ExecStart=([^`]*)`", PAPER)
    assert web
    assert clock
    return [_here(shlex.split(found[1])) for found in (web, clock)]


def _here(words: list[str]) -> list[str]:
    assert words[0].startswith(PLACE)
    return [str(Path(sys.executable).parent / words[0].removeprefix(PLACE)), *words[1:]]


class Installation:
    """The settings of the paper with this machine's places, and the processes started by its words."""

    def __init__(self, place: Path, database: str, mail: int) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.place = place
        (place / "data").mkdir(mode=0o700)
        (place / "keys").mkdir(mode=0o700)
        ours = {
            "SURVEY_DATABASE_URL": database.replace("postgresql+psycopg", "postgresql"),
            "SURVEY_DATA_DIR": str(place / "data"),
            "SURVEY_KEY_DIR": str(place / "keys"),
            "SURVEY_SECRET": secrets.token_urlsafe(48),
            "SURVEY_SMTP_URL": f"smtp://127.0.0.1:{mail}",
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SURVEY_")}
        assert ours.keys() <= settings_told().keys()
        self.environ = {**kept, **settings_told(), **ours}
        self.host = self.environ["SURVEY_BASE_URL"].removeprefix("https://")
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def typed(self, *words: str, given: str = "", code: int = 0) -> str:
        done = subprocess.run(
            [str(Path(sys.executable).parent / "flask"), "--app", "wsgi", *words],
            cwd=house.ROOT,
            env=self.environ,
            input=given,
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stderr
        return done.stdout if code == 0 else done.stderr

    def start(self) -> None:
        """Both services, each with its log."""
        web, clock = services()
        for name, words in {"web": [*web, "--bind", f"127.0.0.1:{self.port}"], "clock": clock}.items():
            with (self.place / f"{name}.log").open("ab") as output:
                self.running[name] = subprocess.Popen(
                    words, cwd=house.ROOT, env=self.environ, stdout=output, stderr=output
                )

    def stop(self) -> dict[str, int]:
        """SIGTERM; exit statuses by name."""
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        codes = {name: process.wait(20) for name, process in self.running.items()}
        self.running.clear()
        return codes

    def ends(self) -> dict[str, int]:
        """Exit statuses of services that end by themselves."""
        codes = {name: process.wait(PATIENCE) for name, process in self.running.items()}
        self.running.clear()
        return codes

    def asks(self, path: str, **posted: str) -> tuple[int, str]:
        """As the proxy would hand it on."""
        headers = {"Host": self.host, "X-Forwarded-For": "203.0.113.77", "X-Forwarded-Proto": "https"}
        body = urlencode(posted).encode() if posted else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def is_ready(self) -> bool:
        for _ in range(PATIENCE * 4):
            try:
                if self.asks("/readyz")[0] == 200:
                    return True
            except OSError:
                assert self.running["web"].poll() is None, self.log("web")
            time.sleep(0.25)
        return False

    def says_raw(self, content: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as line:
            line.sendall(content)
            return line.recv(4096)

    def log(self, name: str) -> str:
        return (self.place / f"{name}.log").read_text()


@contextmanager
def installed(place: Path, server: str, mail: int) -> Iterator[Installation]:
    """With a database of its own on PostgreSQL's ``server``; ``mail`` is the port letters go to."""
    name = f"prod_{secrets.token_hex(4)}"
    made = Installation(place, postgres.create(server, name), mail)
    yield made
    for process in made.running.values():
        process.kill()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
