"""Sign-in sessions and CSRF, for the doors that have a session."""

from flask import Flask
from flask_login import LoginManager, UserMixin
from flask_wtf import CSRFProtect

from survey_service.foundation.db import db
from survey_service.workspaces.models import Account

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


def init_app(app: Flask) -> None:
    """Set up both; doors by link are exempt from CSRF where they are hung in."""
    csrf.init_app(app)
    manager.init_app(app)
