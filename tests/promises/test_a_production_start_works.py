"""A production start as docs/operations.md tells it: its settings, its commands, PostgreSQL."""

import json
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
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

import post
import psycopg
import pytest
from rig import house, postgres

PAPER = (house.ROOT / "docs" / "operations.md").read_text()
#: What the paper calls the place, and where the tests run it.
PLACE = "/opt/common-ground/.venv/bin/"
PATIENCE = 60
PASSWORD = "a calm long password"
ROSTER = "name,email,group\n" + "".join(f"P {n},p{n}@buyer.example,Operations\n" for n in range(5))


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


@pytest.fixture
def mail() -> Iterator[post.Sink]:
    with post.sink() as sink:
        yield sink


@pytest.fixture
def here(tmp_path: Path, postgresql: str, mail: post.Sink) -> Iterator[Installation]:
    name = f"prod_{secrets.token_hex(4)}"
    made = Installation(tmp_path, postgres.create(postgresql, name), mail.port)
    yield made
    for process in made.running.values():
        process.kill()
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def test_the_paper_names_commands_and_settings_that_are_there() -> None:
    """The short form of what follows."""
    web, clock = services()
    assert web[1:] == ["--config", "python:survey_service.foundation.site", "wsgi:app"]
    assert clock[1:] == ["--app", "wsgi", "survey", "scheduler", "run"]
    assert settings_told()["SURVEY_TRUSTED_PROXIES"] == "1"


@pytest.mark.long
@pytest.mark.slow
def test_from_an_empty_machine_to_an_answer_and_through_an_upgrade(
    here: Installation, mail: post.Sink, tmp_path: Path
) -> None:
    assert "does not start" in _without_secret(here)
    here.typed("survey", "migrate")
    here.start()
    assert here.is_ready(), here.log("web")
    link = _launched(here, mail, tmp_path)
    _answer(here, link)
    _refuses_what_it_cannot_read(here, link)
    told = json.loads(here.typed("survey", "doctor", "--json"))
    assert {one["name"] for one in told["checks"] if one["state"] == "wrong"} == set()
    here.typed("survey", "backup", str(tmp_path / "backup"))
    assert here.stop() == {"web": 0, "clock": 0}
    _goes_through_an_upgrade(here)
    _logs_are_json_and_name_nobody(here, link)


def _without_secret(here: Installation) -> str:
    kept = here.environ.pop("SURVEY_SECRET")
    try:
        return here.typed("survey", "migrate", code=1)
    finally:
        here.environ["SURVEY_SECRET"] = kept


def _launched(here: Installation, mail: post.Sink, place: Path) -> str:
    """A survey of five people; the path of the first one's link, from their letter."""
    (place / "roster.csv").write_text(ROSTER)
    made = here.typed(
        "survey", "workspace", "create", "Hanse", "--owner", "ines@hanse.example", given=PASSWORD
    )
    assert "Workspace Hanse is made" in made
    closes_at = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%dT%H:%M}"
    words = ["--workspace", "Hanse", "--buyer", "Nordlicht", "--change", "Keep all orders in one list."]
    key = here.typed("survey", "engagement", "create", *words, "--closes-at", closes_at).strip()
    here.typed("survey", "roster", "import", key, str(place / "roster.csv"))
    here.typed("survey", "launch", key)
    wanted = {f"p{number}@buyer.example" for number in range(5)}
    for _ in range(PATIENCE * 2):
        if wanted <= set(mail.recipients):
            break
        time.sleep(0.5)
    assert wanted <= set(mail.recipients), here.log("clock")
    found = re.search(rf"https://{re.escape(here.host)}(/a/[\w-]{{24}})", _letter(mail, "p0@buyer.example"))
    assert found
    return found[1]


def _letter(mail: post.Sink, to: str) -> str:
    part: Any = next(one for one in mail.letters if to in str(one["To"])).get_body(("plain",))
    return str(part.get_content())


def _answer(here: Installation, link: str) -> None:
    assert here.asks(link)[0] == 200
    status, page = here.asks(f"{link}/send", Q01="4", receipt="ABCD" * 6 + "EF", checked="1")
    assert status == 200
    assert "ABCD-ABCD" in page


def _refuses_what_it_cannot_read(here: Installation, link: str) -> None:
    """Too long, smuggled, two lengths, another host: refused, and nothing of it in the log."""
    head = f"POST {link}/send HTTP/1.1\r\nHost: {here.host}\r\n".encode()
    for content in (
        b"GET " + link.encode() + b"?" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n",
        link.encode() + b" NONSENSE\r\n\r\n",
        head + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nQ01=4",
        head + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        head + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        head.replace(here.host.encode(), b"evil.example") + b"Content-Length: 0\r\n\r\n",
    ):
        status = here.says_raw(content).split(b" ")[1:2]
        assert status
        assert status[0][:1] in (b"4", b"5"), content[:80]


def _goes_through_an_upgrade(here: Installation) -> None:
    """Tables of the version before: neither service starts, both say why; after migrate both do."""
    here.typed("db", "downgrade")
    here.start()
    assert 0 not in here.ends().values()
    assert "Run: flask survey migrate" in here.log("web")
    assert "Run: flask survey migrate" in here.log("clock")
    here.typed("survey", "migrate")
    here.start()
    assert here.is_ready(), here.log("web")
    here.typed("survey", "doctor")
    assert here.stop() == {"web": 0, "clock": 0}


def _logs_are_json_and_name_nobody(here: Installation, link: str) -> None:
    lines = [json.loads(line) for line in here.log("web").splitlines()]
    assert {"INFO", "WARNING"} <= {one["level"] for one in lines}
    assert any(one["says"] == "a request could not be read" for one in lines)
    for secret in (
        link,
        link.rpartition("/")[2],
        "ABCD",
        "203.0.113",
        "buyer.example",
        "evil",
        PASSWORD,
        "xxxx",
    ):
        assert secret not in here.log("web"), secret
        assert secret not in here.log("clock"), secret
