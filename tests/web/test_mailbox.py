"""The development mailbox: letters as they would arrive, and nothing of it in production."""

import re
from pathlib import Path

import post
import pytest
from flask import Flask
from flask.testing import FlaskClient
from post import CONTEXTS, LINK, MONDAY

from survey_service.app import create_app
from survey_service.foundation.installation import installation
from survey_service.foundation.settings import Settings
from survey_service.outbox import delivery
from survey_service.outbox.envelope import Letter
from survey_service.outbox.mailbox import Mailbox
from survey_service.outbox.transports import transport_for


@pytest.fixture
def kept(app: Flask) -> Mailbox:
    """An invitation to Anna, then a reminder to Ben, delivered as development does."""
    with app.app_context():
        post.queue("anna@nordlicht.example")
        post.queue("ben@nordlicht.example", kind="reminder")
        mailbox = transport_for(installation().settings)
        assert isinstance(mailbox, Mailbox)
        assert delivery.deliver_due(transport=mailbox, render=post.render, at=MONDAY).sent == 2
    return mailbox


def test_letters_stand_newest_first(client: FlaskClient, kept: Mailbox) -> None:
    page = client.get("/dev/mailbox").text
    subjects = re.findall(r"Nordlicht Energie: [^<]+", page)
    assert subjects == [
        "Nordlicht Energie: your link is open for 3 more days",
        "Nordlicht Energie: what do you think of this change?",
    ]


def test_one_persons_letters_can_be_found(client: FlaskClient, kept: Mailbox) -> None:
    page = client.get("/dev/mailbox?to=ANNA@nordlicht").text
    assert "what do you think" in page
    assert "more days" not in page
    assert "There is no letter to" in client.get("/dev/mailbox?to=%3Cb%3E").text


def test_a_letter_shows_as_html_in_a_frame_and_as_text_with_links(client: FlaskClient, kept: Mailbox) -> None:
    (name,) = (one.name for one in kept.letters(to="anna@"))
    page = client.get(f"/dev/mailbox/{name}").text
    assert f'src="/dev/mailbox/{name}/html"' in page
    assert 'sandbox="allow-top-navigation-by-user-activation"' in page
    assert f'<a href="{LINK}"' in page
    assert "What happens to your answers" in page


def test_the_frame_may_bring_style_and_nothing_else(client: FlaskClient, kept: Mailbox) -> None:
    (name,) = (one.name for one in kept.letters(to="anna@"))
    answer = client.get(f"/dev/mailbox/{name}/html")
    rules = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in rules
    assert "style-src 'unsafe-inline'" in rules
    assert "script-src" not in rules
    assert '<base target="_top" />' in answer.text
    assert CONTEXTS["invitation"]["change"] in answer.text


@pytest.mark.parametrize("name", ["nope", "..%2Fsecret", "20261130T090000-000000000000"])
def test_a_letter_that_is_not_there(client: FlaskClient, kept: Mailbox, name: str) -> None:
    for address in (f"/dev/mailbox/{name}", f"/dev/mailbox/{name}/html"):
        assert client.get(address).status_code == 404


def test_an_empty_mailbox_says_so(client: FlaskClient) -> None:
    assert "No letter yet." in client.get("/dev/mailbox").text


def test_letters_are_kept_from_other_users_of_the_machine(kept: Mailbox) -> None:
    assert kept.directory.stat().st_mode & 0o077 == 0


def test_the_same_letter_again_is_kept_once(app: Flask, kept: Mailbox) -> None:
    (name,) = (one.name for one in kept.letters(to="anna@"))
    with app.app_context(), kept:
        content = kept.read(name).as_bytes()
        kept.send(Letter(sender="no-reply@example.org", recipient="anna@example.org", content=content))
    assert len(list(kept.letters())) == 2


def test_production_has_no_mailbox(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    environ = {
        "SURVEY_ENV": "production",
        "SURVEY_DATA_DIR": str(tmp_path / "data"),
        "SURVEY_KEY_DIR": str(tmp_path / "keys"),
        "SURVEY_SECRET": "s" * 40,
        "SURVEY_BASE_URL": "https://survey.example.org",
        "SURVEY_SMTP_URL": "smtp://127.0.0.1:25",
        "SURVEY_MAIL_FROM": post.MAIL_FROM,
        "SURVEY_OPERATOR": "Example Hosting",
        "SURVEY_DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite'}",
    }
    made = create_app(Settings.from_environ(environ))
    assert made.test_client().get("/dev/mailbox", base_url="https://survey.example.org").status_code == 404
