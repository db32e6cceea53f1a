"""Several processes count tries together in a real Redis; and what happens while it is away."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from rig import house

from survey_service.app import create_app
from survey_service.foundation import counting
from survey_service.foundation.premises import furnish
from survey_service.foundation.settings import Settings, SettingsError
from survey_service.web import limits

pytestmark = pytest.mark.redis
PASSWORD, NETWORK, ADDRESS = "calm-redis", "203.0.113.9", "ines@hanse.example"
DUPLICATE = """
import os, sys
from survey_service.app import create_app
from survey_service.foundation.settings import Settings
app = create_app(Settings.from_environ(os.environ))
app.config["WTF_CSRF_ENABLED"] = False
client = app.test_client()
for _ in range(int(sys.argv[1])):
    posted = client.post("/sign-in", data={}, environ_base={"REMOTE_ADDR": sys.argv[2]})
    print(posted.status_code)
"""


class Server:
    """A Redis of the test's own, on a port nobody listens on."""

    def __init__(self, place: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"
        self._words = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(place)]
        self._words += ["--requirepass", PASSWORD, "--save", "", "--appendonly", "no"]
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._words, stdout=subprocess.DEVNULL)
        for _ in range(200):
            if counting.answers(self.url):
                return
            time.sleep(0.05)
        pytest.fail("Redis never answered")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def keys(self) -> str:
        return " ".join(map(str, redis.Redis.from_url(self.url).keys()))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def environ(tmp_path: Path, sqlite_url: str, server: Server) -> dict[str, str]:
    return {
        "SURVEY_ENV": "development",
        "SURVEY_DATA_DIR": str(tmp_path / "data"),
        "SURVEY_DATABASE_URL": sqlite_url,
        "SURVEY_BASE_URL": "http://localhost",
        "SURVEY_LIMITS_URL": server.url,
    }


@pytest.fixture
def app(environ: dict[str, str]) -> Iterator[Flask]:
    made = create_app(furnish(Settings.from_environ(environ)))
    made.config["WTF_CSRF_ENABLED"] = False
    yield made
    limits.limiter._storage_dead = False
    another = Flask("another")
    another.config["RATELIMIT_STORAGE_URI"] = "memory://"
    limits.limiter.init_app(another)  # it is one for all tests of this process


def tries(client: FlaskClient, count: int, **form: str) -> list[int]:
    from_there = {"REMOTE_ADDR": NETWORK}
    return [client.post("/sign-in", data=form, environ_base=from_there).status_code for _ in range(count)]


def test_two_processes_count_together_and_know_nobody_by_name(
    app: Flask, environ: dict[str, str], server: Server
) -> None:
    words = [sys.executable, "-c", DUPLICATE, "6", NETWORK]
    other = subprocess.run(
        words, cwd=house.ROOT, env={**os.environ, **environ}, capture_output=True, text=True
    )
    assert other.stdout.split() == ["200"] * 6, other.stderr
    assert tries(app.test_client(), 5) == [200] * 4 + [429]
    tries(app.test_client(), 1, email=ADDRESS)
    app.test_client().post("/a/of-somebody-who-answers/send", environ_base={"REMOTE_ADDR": NETWORK})
    kept = server.keys()
    assert "respondent" not in kept
    assert "public.sign_in" in kept
    for name in (NETWORK, ADDRESS, "hanse", "203"):
        assert name not in kept


def test_while_redis_is_away_each_process_counts_for_itself_and_nobody_is_shut_out(
    app: Flask, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    client = app.test_client()
    assert tries(client, 3) == [200] * 3
    server.stop()
    assert tries(client, 11) == [200] * 10 + [429]
    assert [record for record in caplog.records if "unreachable" in record.getMessage()]
    assert PASSWORD not in caplog.text


def test_a_redis_that_does_not_answer_stops_the_start_in_words(
    environ: dict[str, str], server: Server, tmp_path: Path
) -> None:
    counting.need(server.url)
    counting.need(None)
    with pytest.raises(SettingsError, match="not to that password"):
        counting.need(server.url.replace(PASSWORD, "wrong"))
    server.stop()
    words = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:survey_service.foundation.site",
        "wsgi:app",
    ]
    begun = subprocess.run(
        words, cwd=house.ROOT, env={**os.environ, **environ}, capture_output=True, text=True, timeout=60
    )
    assert begun.returncode != 0
    assert f"a Redis at 127.0.0.1:{server.port} that does not answer" in begun.stderr
    assert PASSWORD not in begun.stderr
    assert "Traceback" not in begun.stderr
