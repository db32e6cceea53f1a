"""Somebody at a browser: opens pages, fills in forms with the token the page holds, reads letters."""

import re
from html import unescape

import pyotp
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey_service.foundation import clock
from survey_service.foundation.db import db, transaction
from survey_service.outbox.models import Dispatch
from survey_service.workspaces import links, making
from survey_service.workspaces.models import Account, MemberInvitation, Workspace

TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
PASSWORD = "a calm long password"


class Visitor:
    """One browser with its own cookies."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.app = app
        self.client = app.test_client()
        self.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language

    def opens(self, address: str) -> TestResponse:
        """The page, wherever it leads."""
        return self.client.get(address, follow_redirects=True)

    def sends(self, address: str, *, to: str | None = None, **fields: str) -> TestResponse:
        """Open the page, fill in its form, send it; the answer itself, redirects not followed."""
        found = TOKEN.search(self.client.get(address).text)
        assert found, f"no form at {address}"
        return self.client.post(to or address, data={**fields, "csrf_token": found[1]})

    def signs_in(self, email: str, password: str = PASSWORD, *, next_: str | None = None) -> TestResponse:
        """Through the sign-in page."""
        address = f"/sign-in?next={next_}" if next_ else "/sign-in"
        return self.sends(address, email=email, password=password)

    def is_signed_in(self) -> bool:
        """Whether the desk lets them in, and not only as far as the sign-in page."""
        return self.client.get("/desk/members").status_code == 200


def at_the_desk(app: Flask) -> Visitor:
    """Ines, signed in, where every form needs its token."""
    app.config.update(WTF_CSRF_ENABLED=True)
    ines = Visitor(app)
    ines.signs_in("ines@hanse.example")
    return ines


def turned_on(ines: Visitor) -> tuple[pyotp.TOTP, list[str]]:
    """Ines's app, and her recovery codes."""
    page = ines.opens("/desk/account/second-factor")
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page.text)
    assert secret
    app = pyotp.TOTP(secret[1])
    wrong = ines.sends("/desk/account/second-factor", password=PASSWORD, code="000000")
    assert 'id="code-error"' in wrong.text
    shown = ines.sends("/desk/account/second-factor", password=PASSWORD, code=app.at(clock.now()))
    return app, re.findall(r"<code>([a-z2-7-]{29})</code>", shown.text)


def reading(answer: TestResponse) -> str:
    """The page's words."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def letters(app: Flask, to: str) -> list[str]:
    """The kinds of letters on their way to an address, in order."""
    with app.app_context():
        chosen = select(Dispatch.kind).where(Dispatch.to_address == to).order_by(Dispatch.id)
        return list(db.session.scalars(chosen))


def account(app: Flask, email: str) -> Account:
    """The account as it is in the table now, detached."""
    with app.app_context():
        found = making.by_address(email)
        assert found is not None
        db.session.expunge(found)
        return found


def link(app: Flask, kind: str, email: str) -> str:
    """The path in the letter of that kind."""
    secret = str(app.config["SECRET_KEY"])
    with app.app_context():
        if kind == "join":
            asked = db.session.scalars(select(MemberInvitation).where(MemberInvitation.email == email)).one()
            return f"/join/{links.invitation_token(secret, asked)}"
        found = making.by_address(email)
        assert found is not None
        make = {
            "confirm": links.confirm_token,
            "reset": links.reset_token,
            "new-address": links.moving_token,
        }[kind]
        return f"/{kind}/{make(secret, found)}"


def another_workspace(app: Flask, owner: str, name: str) -> str:
    """A further workspace for an account; its key."""
    with app.app_context(), transaction():
        found = making.by_address(owner)
        assert found is not None
        made: Workspace = making.found_workspace(found, name, at=found.created_at)
        return made.key
