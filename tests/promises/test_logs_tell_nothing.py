"""Logs tell nothing: a whole run with faults at every door, and no secret of it is written down."""

import io
import json
import logging
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cast import PASSWORD
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from village import ADDRESSES, PAT, SAM, Signposts, settle

from survey_service.answers import receipts
from survey_service.app import create_app
from survey_service.engagements import desk
from survey_service.engagements.models import Stakeholder
from survey_service.foundation import logs
from survey_service.foundation.clock import now
from survey_service.foundation.db import db, transaction
from survey_service.foundation.installation import installation
from survey_service.foundation.settings import Settings
from survey_service.invitations.models import Invitation
from survey_service.reports import shares
from survey_service.scheduler import timetable
from survey_service.workspaces import scope as scopes
from survey_service.workspaces.models import Account, Workspace

WORDS = "calm blue lake"
TEXT = "the foreman never listens"
NETWORK = "203.0.113.77"
BROWSER = "Pats-Own-Browser/1"
SECRET, SMTP_PASSWORD = "hush " * 10, "mail-word-9"


@pytest.fixture
def production(tmp_path: Path, migrated_file: Path) -> Iterator[Flask]:
    """As it runs for people: JSON lines, a mail server that does not answer."""
    (tmp_path / "data").mkdir()
    (tmp_path / "keys").mkdir()
    shutil.copy(migrated_file, tmp_path / "data" / "common-ground.sqlite")
    made = create_app(_settings(tmp_path))
    made.config.update(PREFERRED_URL_SCHEME="https", WTF_CSRF_ENABLED=False, PDF_PATIENCE=0)
    with made.app_context():
        installation().keys.prepare()
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def _settings(place: Path) -> Settings:
    return Settings.from_environ(
        {
            "SURVEY_DATA_DIR": str(place / "data"),
            "SURVEY_KEY_DIR": str(place / "keys"),
            "SURVEY_SECRET": SECRET,
            "SURVEY_BASE_URL": "https://localhost",
            "SURVEY_SMTP_URL": f"smtp://mailer:{SMTP_PASSWORD}@127.0.0.1:9",
            "SURVEY_MAIL_FROM": "no-reply@survey.example",
            "SURVEY_OPERATOR": "Example Hosting",
        }
    )


@pytest.fixture
def written(production: Flask) -> Iterator[io.StringIO]:
    """What goes to standard error."""
    before = {name: logging.getLogger(name).level for name in logs.LEVELS}
    stream = io.StringIO()
    handler = logs.set_up(production.extensions["installation"].settings, stream)
    yield stream
    logging.getLogger().removeHandler(handler)
    logging.captureWarnings(False)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def visitor(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base.update(REMOTE_ADDR=NETWORK, HTTP_USER_AGENT=BROWSER)
    return client


def breaks_in(app: Flask, endpoint: str, client: FlaskClient, address: str, **posted: str) -> None:
    """The page fails with all it knows in its fault's words, once by our own, once by the database's."""

    def by_us(**known: object) -> str:
        raise RuntimeError(f"{known} {posted} {PASSWORD} {WORDS} {TEXT}")

    def by_database(**known: object) -> str:
        facts = {"token": str(known.get("token")), "said": str(posted) + PAT}
        db.session.execute(text("INSERT INTO nowhere VALUES (:token, :said)"), facts)
        return ""

    whole = app.view_functions[endpoint]
    for broken in (by_us, by_database):
        app.view_functions[endpoint] = broken
        answer = client.post(address, data=posted) if posted else client.get(address)
        assert answer.status_code in (500, 503), (endpoint, answer.status_code)
        assert PASSWORD not in answer.text
    app.view_functions[endpoint] = whole


def test_a_whole_run_with_faults_writes_down_no_secret(production: Flask, written: io.StringIO) -> None:
    app = production
    at = settle(app)
    secrets = {PASSWORD, WORDS, TEXT, NETWORK, BROWSER, SECRET, SMTP_PASSWORD, PAT, SAM, *ADDRESSES.values()}
    secrets |= {at.stakeholder, at.share, *at.sponsor.values(), *at.account_links.values()}
    secrets |= _everyone(app)
    secrets |= _at_the_desk(app, at)
    secrets |= _answering(app, at)
    secrets |= _reading(app, at)
    with app.app_context():
        for days in (0, 3, 13):
            timetable.tick(installation(), at=now() + timedelta(days=days))
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert {one["from"] for one in lines} >= {
        "survey_service.web.errors",
        "survey_service.web.respondent.wrong_turns",
        "survey_service.web.public.sign_in",
        "survey_service.web.tracing",
        "survey_service.outbox.delivery",
    }
    for secret in secrets:
        assert secret not in written.getvalue(), secret
    _look_at_the_answering_pages(lines)


def _everyone(app: Flask) -> set[str]:
    with app.app_context():
        found = {
            str(one)
            for column in (Stakeholder.email, Account.email)
            for one in db.session.scalars(select(column))
        }
        return found | set(db.session.scalars(select(Invitation.link)))


def _at_the_desk(app: Flask, at: Signposts) -> set[str]:
    ines = visitor(app)
    ines.post("/sign-in", data={"email": ADDRESSES["ines"], "password": "a wrong long password"})
    assert ines.post("/sign-in", data={"email": ADDRESSES["ines"], "password": PASSWORD}).status_code == 302
    cookie = ines.get_cookie("__Host-session", "localhost")
    assert cookie is not None
    assert ines.get(f"/desk/engagements/{at.open}").status_code == 200
    breaks_in(app, "seller.show", ines, f"/desk/engagements/{at.open}")
    breaks_in(app, "public.reset", visitor(app), f"/reset/{at.account_links['reset']}", password=PASSWORD)
    breaks_in(app, "public.new_address", visitor(app), f"/new-address/{at.account_links['new-address']}")
    breaks_in(app, "public.sign_in", visitor(app), "/sign-in", email=PAT, password=PASSWORD)
    assert visitor(app).get("/desk/engagements/nothing").status_code == 302
    assert ines.get("/desk/engagements/nothing").status_code == 404
    return {cookie.value, "a wrong long password"}


def _answering(app: Flask, at: Signposts) -> set[str]:
    pat, receipt = visitor(app), receipts.fresh_receipt()
    link = f"/a/{at.stakeholder}"
    sheet = {"Q01": "4", "T1": TEXT, "receipt": receipt, "checked": "1"}
    assert pat.get(link).status_code == 200
    breaks_in(app, "respondent.send", pat, f"{link}/send", **sheet)
    assert pat.post(f"{link}/send", data=sheet).status_code == 200
    assert pat.post(f"{link}/receipt", data={"receipt": receipts.shown(receipt)}).status_code == 200
    assert pat.post(f"{link}/send", data={"x": "y" * 4_000_000}).status_code == 413
    for address in (f"{link}x", f"{link}/nowhere", "/a/"):
        assert pat.get(address).status_code == 404
    breaks_in(app, "respondent.welcome", pat, link)
    return {receipt, receipts.shown(receipt)}


def _reading(app: Flask, at: Signposts) -> set[str]:
    with app.app_context():
        found = db.session.scalars(select(Workspace).where(Workspace.key == at.workspaces["hanse"])).one()
        engagement = desk.find(scopes.of_operator(found), at.closed)
        with transaction():
            made = shares.share(engagement, label="B", days=7, who="I", passphrase=WORDS, at=now())
            token = shares.token(installation().links, made)
    reader = visitor(app)
    for said in ("a wrong passphrase", WORDS):
        reader.post(f"/r/{token}", data={"passphrase": said})
    breaks_in(app, "reader.read", reader, f"/r/{token}")
    breaks_in(app, "sponsor.show", visitor(app), f"/s/{at.sponsor['open']}/")
    return {token, "a wrong passphrase"}


def _look_at_the_answering_pages(lines: list[dict[str, Any]]) -> None:
    """A fault's kind, place and day; nothing of a visit that went well."""
    here = [one for one in lines if ".respondent" in one["from"]]
    assert {one["level"] for one in here} <= {"ERROR", "CRITICAL"}
    for one in here:
        assert len(one["at"]) == 10
        assert "request" not in one
    assert not [one for one in lines if str(one.get("route", "")).startswith("respondent.")]


def test_a_person_can_quote_the_number_of_what_went_wrong(production: Flask, written: io.StringIO) -> None:
    def breaks() -> str:
        raise RuntimeError

    production.view_functions["public.landing"] = breaks
    answer = visitor(production).get("/")
    number = answer.headers["X-Request-ID"]
    assert number in answer.text
    assert number in written.getvalue()
    assert visitor(production).get("/a/x").headers.get("X-Request-ID") is None
