"""Looking spends nothing, one link gives one deposit, wrong links look alike, logs know nobody."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import post
import pytest
from cast import Stage, stage
from flask import Flask
from sqlalchemy import func, select

from survey_service.answers import box, receipts
from survey_service.answers.models import TextBox
from survey_service.cli.serving import GUNICORN
from survey_service.foundation import clock
from survey_service.foundation.db import db, transaction
from survey_service.foundation.key_directory import LINK_KEY
from survey_service.invitations.models import Invitation

ROOT = Path(__file__).parents[2]
LINKS = 20
#: What mail scanners, chat programs and search engines say they are.
AGENTS = (
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "WhatsApp/2.23.20.0",
    "facebookexternalhit/1.1",
    "Mozilla/5.0 (compatible; MSIE 9.0) BarracudaSentinel",
    "Mozilla/5.0 (Windows NT 10.0) SkypeUriPreview Preview/0.5",
    "Googlebot/2.1",
    "",
)
PAGES = ("", "/questions", "/send", "/receipt", "/how", "/terms", "/terms.json", "/stop")
Answer = tuple[int, dict[str, str], bytes]


class Server:
    """The site as it is served: two processes of four threads each."""

    def __init__(self, port: int, log: Path) -> None:
        self.port, self.log = port, log

    def ask(self, verb: str, path: str, body: str = "", agent: str = "UNUSUALAGENT/1.0") -> Answer:
        """One request; status, headers without the date, body."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(verb, path, body or None, {"User-Agent": agent, **kind})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        told = {name: value for name, value in answer.getheaders() if name != "Date"}
        return answer.status, told, content


@contextmanager
def served(app: Flask, log: Path) -> Iterator[Server]:
    settings = app.extensions["installation"].settings
    environ = os.environ | {
        "SURVEY_ENV": "development",
        "SURVEY_DATABASE_URL": settings.database_url,
        "SURVEY_DATA_DIR": str(settings.data_dir),
        "SURVEY_OPERATOR": "Example Hosting",
    }
    port = post.free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(_web(port), cwd=ROOT, env=environ, stdout=output, stderr=output)
        try:
            server = Server(port, log)
            _wait_for(server)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _web(port: int) -> list[str]:
    """Gunicorn by itself, set as the site's own start sets it."""
    options = {
        "log-level": "loglevel",
        "worker-class": "worker_class",
        "graceful-timeout": "graceful_timeout",
    }
    options |= {name: name for name in ("workers", "threads")}
    words = [word for option, name in options.items() for word in (f"--{option}", str(GUNICORN[name]))]
    return [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *words, "wsgi:app"]


def _wait_for(server: Server) -> None:
    for _ in range(600):
        try:
            server.ask("GET", "/static/css/ask.css")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(server.log.read_text())


@pytest.fixture
def play(app_on_each_database: Flask) -> Stage:
    app = app_on_each_database
    with app.app_context():
        made = stage(app, at=clock.now(), closes_at=clock.now() + timedelta(days=11))
        made.launch()
    return made


def spent() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Invitation).where(Invitation.spent)) or 0


def together(server: Server, path: str) -> list[int]:
    """Two browsers send their own forms by one link at one moment."""
    start, statuses = threading.Barrier(2), []

    def send(answer: str) -> None:
        form = {"Q01": answer, "text1": "MARKER", "receipt": receipts.fresh_receipt(), "checked": "1"}
        start.wait()
        statuses.append(server.ask("POST", path, urlencode(form))[0])

    browsers = [threading.Thread(target=send, args=(answer,)) for answer in "15"]
    for browser in browsers:
        browser.start()
    for browser in browsers:
        browser.join()
    return sorted(statuses)


def test_a_real_run_spends_each_link_once_and_its_log_knows_nobody(
    play: Stage, tmp_path: Path, record_property: object
) -> None:
    with play.app.app_context():
        tokens = play.tokens()
        keys = play.here.keys.path
        wave_id = play.wave.id
    addresses = [f"/a/{token}" for token in tokens.values()][:LINKS]
    with served(play.app, tmp_path / "server.log") as server:
        for agent in AGENTS:
            for verb in ("GET", "HEAD", "OPTIONS"):
                for page in PAGES:
                    assert server.ask(verb, addresses[0] + page, agent=agent)[0] in (200, 303)
        with play.app.app_context():
            assert spent() == 0
        once = sum(together(server, f"{address}/send") == [200, 409] for address in addresses)
        if callable(record_property):
            record_property("figure", f"one link, two browsers: {once} of {LINKS} gave one deposit")
        (keys / LINK_KEY).rename(keys / "elsewhere")
        assert server.ask("GET", addresses[0])[0] == 503
    with play.app.app_context():
        texts = db.session.scalar(select(func.count()).select_from(TextBox))
        assert (once, spent(), box.count(wave_id), texts) == (LINKS,) * 4
    written = (tmp_path / "server.log").read_text()
    assert "nobody can answer: KeyMissing" in written
    for secret in (*tokens, *tokens.values(), "MARKER", "UNUSUALAGENT", "127.0.0.1 -", "/a/", "POST"):
        assert secret not in written


def test_whatever_is_wrong_with_a_link_the_answer_is_the_same_to_the_byte(play: Stage) -> None:
    with play.app.app_context():
        first, second, third = list(play.tokens().values())[:3]
        with transaction():
            play.invitations()[0].link_version += 1
            db.session.delete(play.invitations()[1])
        foreign = play.here.links.token("sponsor", bytes(8), 1)
    wrong = (
        first,  # corrected since: an older version
        second,  # erased since
        third[:-1] + ("A" if third[-1] != "A" else "B"),  # a seal that does not fit
        third[:12] + first[12:],  # the seal of another
        third[:-4],
        third + "AAAA",
        foreign,
        "A" * 24,
        "A" * 4000,
        "x",
        "%00",
        "%F0%9F%9A%B2",
        "' OR 1=1 --",
    )
    client = play.app.test_client(use_cookies=False)
    for page in PAGES:
        for ask in (client.get, client.post):
            answers = set()
            for token in wrong:
                got = ask(f"/a/{token.replace(' ', '%20')}{page}", follow_redirects=True)
                if got.status_code != 405:  # a page that takes no forms: the same for good links and bad
                    answers.add((got.status_code, str(sorted(got.headers.items())), got.get_data()))
            assert len(answers) <= 1, page
            assert not answers or next(iter(answers))[0] == 404
