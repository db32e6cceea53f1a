"""A production start as docs/operations.md tells it: its settings, its commands, PostgreSQL."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import post
import pytest
from playwright.sync_api import Page
from rig.browser import chromium, opened
from rig.installed import PATIENCE, Installation, installed, services, settings_told
from rig.proxy import tls

NORA = "nora@norden.example"
PASSWORD = "a calm long password"
ROSTER = "name,email,group\n" + "".join(f"P {n},p{n}@buyer.example,Operations\n" for n in range(5))


@pytest.fixture
def mail() -> Iterator[post.Sink]:
    with post.sink() as sink:
        yield sink


@pytest.fixture
def here(tmp_path: Path, postgresql: str, mail: post.Sink) -> Iterator[Installation]:
    with installed(tmp_path, postgresql, mail.port) as made:
        yield made


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
    _wait_for(mail, {f"p{number}@buyer.example" for number in range(5)}, here)
    found = re.search(rf"https://{re.escape(here.host)}(/a/[\w-]{{24}})", _letter(mail, "p0@buyer.example"))
    assert found
    return found[1]


def _wait_for(mail: post.Sink, wanted: set[str], here: Installation) -> None:
    """Until each of them has a letter."""
    for _ in range(PATIENCE * 2):
        if wanted <= set(mail.recipients):
            return
        time.sleep(0.5)
    raise AssertionError(here.log("clock"))


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


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.browser
def test_a_newcomer_signs_up_signs_in_and_opens_an_engagement_behind_tls(
    here: Installation, mail: post.Sink
) -> None:
    """Real Chromium, a proxy that ends TLS, gunicorn in production: every form of hers is taken."""
    here.typed("survey", "migrate")
    here.start()
    assert here.is_ready(), here.log("web")
    with (
        tls(here.port) as port,
        chromium(f"--host-resolver-rules=MAP {here.host}:443 127.0.0.1:{port}") as her,
    ):
        context = her.new_context(ignore_https_errors=True)
        page = opened(context, f"https://{here.host}/sign-up")
        _fill_in(page, name="Nora", email=NORA, workspace="Norden", password=PASSWORD)
        assert page.url.endswith("/look-into-your-mailbox")
        _wait_for(mail, {NORA}, here)
        found = re.search(r"https://\S+/confirm/\S+", _letter(mail, NORA))
        assert found
        page.goto(found[0])
        page.click("main button")
        _fill_in(page, email=NORA, password=PASSWORD)
        cookie = next(one for one in context.cookies() if one["name"] == "__Host-session")
        assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")
        page.goto(f"https://{here.host}/desk/engagements/new")
        page.check("[name=has_no_sponsor]")
        _fill_in(page, buyer="Nordlicht", change="Keep all orders in one list.")
        assert re.search(r"/desk/engagements/\w{12}", page.url), page.inner_text("main")
        page.goto(f"https://{here.host}/desk/settings")
        context.close()
    assert here.stop() == {"web": 0, "clock": 0}


def _fill_in(page: Page, **typed: str) -> None:
    for name, value in typed.items():
        page.fill(f"main [name={name}]", value)
    page.click("main form button.button >> nth=0")
    page.wait_for_load_state()
