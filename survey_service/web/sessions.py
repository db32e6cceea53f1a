"""Sign-in sessions, their language, and CSRF, for the doors that have a session."""

import secrets
from datetime import timedelta

from flask import Flask, Request, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, login_user
from flask_wtf import CSRFProtect

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import LANGUAGES
from survey_service.foundation.installation import installation
from survey_service.foundation.settings import Settings
from survey_service.web import limits as rates
from survey_service.workspaces import sessions as browsers
from survey_service.workspaces.models import Account
from survey_service.workspaces.sessions import Limits

WITH_SESSION = frozenset({"public", "seller"})

csrf = CSRFProtect()
manager = LoginManager()


class SignedIn(UserMixin):  # type: ignore[misc] # flask-login ships no types
    """An account as one browser knows it: until the row of its session goes, or the epoch is raised."""

    def __init__(self, account: Account, word: str, session_id: int) -> None:
        self.account, self.session_id = account, session_id
        self._word = word

    def get_id(self) -> str:
        """Account, epoch and the session's word; the cookie that carries them is signed."""
        return f"{self.account.id}:{self.account.session_epoch}:{self._word}"


def limits(settings: Settings) -> Limits:
    """How long sessions last here."""
    return Limits(timedelta(minutes=settings.session_idle), timedelta(days=settings.session_days))


@manager.user_loader  # type: ignore[untyped-decorator] # flask-login ships no types
def _load(identity: str) -> SignedIn | None:
    number, _, rest = identity.partition(":")
    epoch, _, word = rest.partition(":")
    at = now()
    row = browsers.found(word, limits(installation().settings), at=at)
    if row is None or str(row.account_id) != number or str(row.account.session_epoch) != epoch:
        return None
    if browsers.needs_to_be_seen(row, at=at):
        row_id = row.id
        with transaction():
            browsers.see(row_id, at=at)
    return SignedIn(row.account, word, row.id)


#: Pages as somebody else would see them; their language is not one's own.
OTHERS_EYES = frozenset(
    {
        "seller.preview",
        "seller.preview_page",
        "seller.preview_instrument",
        "seller.preview_instrument_page",
    }
)


def begin(account: Account) -> None:
    """Sign the account in with a fresh session: nothing of an earlier one, planted or left, survives.

    But for a language somebody has just chosen at the door: they go on in it.
    """
    end()
    chosen = session.get("chosen")
    word = secrets.token_urlsafe(24)
    agent = request.headers.get("User-Agent", "")
    with transaction():
        row = browsers.begin(account, word, user_agent=agent, at=now())
    session.clear()
    login_user(SignedIn(account, word, row.id))
    session["language"] = chosen if chosen in LANGUAGES else account.language


def go_on(account: Account) -> None:
    """After every session was ended: a fresh one for this browser, in the workspace it was in."""
    workspace = session.get("workspace")
    begin(account)
    if workspace:
        session["workspace"] = workspace


def end() -> None:
    """This browser's session is over, on the server too."""
    word = str(session.get("_user_id", "")).rpartition(":")[2]
    if word:
        with transaction():
            browsers.leave(word)


def _keep_language() -> None:
    """A language asked for in the address is kept for the pages that follow."""
    asked = request.args.get("language")
    if asked in LANGUAGES and request.blueprint in WITH_SESSION and request.endpoint not in OTHERS_EYES:
        session["language"] = asked


class Sessions(SecureCookieSessionInterface):
    """Flask's own; where no cookie is brought, as at doors by link, none is looked for."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The cookie's session, or an empty one."""
        if app.secret_key and "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        return super().open_session(app, request)


def init_app(app: Flask) -> None:
    """Set up all of it; doors by link are exempt from CSRF where they are hung in."""
    app.session_interface = Sessions()
    csrf.init_app(app)
    manager.init_app(app, add_context_processor=False)  # it would read the cookie at every door
    rates.init_app(app)
    app.before_request(_keep_language)
