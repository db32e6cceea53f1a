"""Making a workspace, with the account that owns it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from survey_service import journal
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.tokens import fresh_key
from survey_service.workspaces import addresses, passwords
from survey_service.workspaces.models import Account, Member, Workspace


class AddressTaken(Refusal):
    """There is an account under this address. For operators; the sign-up page does not say so."""

    sentence = _l("There is already an account for %(address)s.")


def by_address(email: str) -> Account | None:
    """The account of a normal address."""
    return db.session.scalar(select(Account).where(Account.email == email))


def everybody() -> Sequence[Account]:
    """Every account there is. For operators."""
    return db.session.scalars(select(Account).order_by(Account.id)).all()


def make_workspace(
    *,
    name: str,
    owner_name: str,
    owner_email: str,
    password: str,
    at: datetime,
    confirmed: bool,
    language: str = "en",
) -> Workspace:
    """A workspace with a new account as its owner; no letter is written.

    Raises BadAddress, AddressTaken, and what passwords.weigh refuses.
    """
    email = addresses.normal(owner_email)
    passwords.weigh(password, known=(email, name, owner_name))
    if by_address(email) is not None:
        raise AddressTaken(address=email)
    account = make_account(
        name=owner_name,
        email=email,
        password_hash=passwords.hashed(password),
        language=language,
        at=at,
        confirmed=confirmed,
    )
    return found_workspace(account, name, at=at)


def make_account(
    *, name: str, email: str, password_hash: str, language: str, at: datetime, confirmed: bool
) -> Account:
    """An account under a normal address."""
    account = Account(
        email=email,
        name=name,
        password_hash=password_hash,
        language=language,
        created_at=at,
        confirmed_at=at if confirmed else None,
    )
    db.session.add(account)
    db.session.flush()
    return account


def found_workspace(account: Account, name: str, *, at: datetime) -> Workspace:
    """A workspace owned by the account."""
    workspace = Workspace(key=fresh_key(), name=name, created_at=at)
    db.session.add(workspace)
    db.session.flush()
    db.session.add(Member(workspace_id=workspace.id, account_id=account.id, role="owner"))
    journal.note("workspace made", who=account.name, at=at, workspace_id=workspace.id)
    return workspace
