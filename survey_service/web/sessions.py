"""Sign-in sessions, their language, and CSRF, for the doors that have a session."""

from flask import Flask, Request, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, login_user
from flask_wtf import CSRFProtect

from survey_service.foundation.db import db
from survey_service.foundation.i18n import LANGUAGES
from survey_service.web import limits
from survey_service.workspaces.models import Account

WITH_SESSION = frozenset({"public", "seller"})

csrf = CSRFProtect()
manager = LoginManager()


class SignedIn(UserMixin):  # type: ignore[misc] # flask-login ships no types
    """An account as the session knows it; raising its epoch ends every session."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        """Account and epoch."""
        return f"{self.account.id}:{self.account.session_epoch}"


@manager.user_loader  # type: ignore[untyped-decorator] # flask-login ships no types
def _load(identity: str) -> SignedIn | None:
    number, _, epoch = identity.partition(":")
    account = db.session.get(Account, int(number)) if number.isdecimal() else None
    return SignedIn(account) if account and str(account.session_epoch) == epoch else None


#: Pages as somebody else would see them; their language is not one's own.
OTHERS_EYES = frozenset({"seller.preview_page", "seller.preview_instrument_page"})


def begin(account: Account) -> None:
    """Sign the account in with a fresh session: nothing of an earlier one, planted or left, survives."""
    session.clear()
    login_user(SignedIn(account))
    session["language"] = account.language


def _keep_language() -> None:
    """A language asked for in the address is kept for the pages that follow."""
    asked = request.args.get("language")
    if asked in LANGUAGES and request.blueprint in WITH_SESSION and request.endpoint not in OTHERS_EYES:
        session["language"] = asked


class Sessions(SecureCookieSessionInterface):
    """Flask's own; where no cookie is brought, as at doors by link, no signature is prepared."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The cookie's session, or an empty one."""
        if app.secret_key and self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


def init_app(app: Flask) -> None:
    """Set up all of it; doors by link are exempt from CSRF where they are hung in."""
    app.session_interface = Sessions()
    csrf.init_app(app)
    manager.init_app(app, add_context_processor=False)  # it would read the cookie at every door
    limits.init_app(app)
    app.before_request(_keep_language)
