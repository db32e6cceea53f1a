"""Signing up, confirming, signing in, and choosing a new password.

What is answered never depends on whether an address is known; the letters say it, to the mailbox alone.
"""

from datetime import datetime

from sqlalchemy import select

from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.outbox import letters
from survey_service.workspaces import addresses, deeds, making, passwords, sessions
from survey_service.workspaces.models import Account, Member, Workspace


def sign_up(
    *, name: str, email: str, password: str, workspace_name: str, language: str, at: datetime
) -> Account:
    """A workspace and its owner, with a letter to confirm the address.

    A known address gets a letter that says so, and nothing changes. Until an address is confirmed the latest
    sign-up counts, so that nobody can take an address beforehand with a password of theirs.
    Raises BadAddress and what passwords.weigh refuses.
    """
    email = addresses.normal(email)
    passwords.weigh(password, known=(email, workspace_name, name))
    password_hash = passwords.hashed(password)
    account = making.by_address(email)
    if account is not None and account.confirmed_at is not None:
        _write("already-registered", account, at=at)
        return account
    if account is None:
        account = making.make_account(
            name=name, email=email, password_hash=password_hash, language=language, at=at, confirmed=False
        )
        making.found_workspace(account, workspace_name, at=at)
    else:
        account.name, account.password_hash, account.language = name, password_hash, language
        _own_workspace(account).name = workspace_name
    ask_confirmation(account, at=at)
    return account


def _own_workspace(account: Account) -> Workspace:
    """An account that was never confirmed has the one workspace it signed up with."""
    return db.session.scalars(select(Workspace).join(Member).where(Member.account_id == account.id)).one()


def ask_confirmation(account: Account, *, at: datetime) -> None:
    """The letter that asks whether the address is theirs."""
    _write("confirm-address", account, at=at)


def confirm(account: Account, *, at: datetime) -> None:
    """The address is theirs: they opened our letter. A second time changes nothing."""
    account.confirmed_at = account.confirmed_at or at
    db.session.flush()


def check(email: str, password: str) -> Account | None:
    """Whose address and password these are, confirmed or not; takes as long for an unknown address.

    An outdated hash is made anew.
    """
    try:
        account = making.by_address(addresses.normal(email))
    except addresses.BadAddress:
        account = None
    if not passwords.fits(password, account.password_hash if account else None) or account is None:
        return None
    if passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hashed(password)
        db.session.flush()
    return account


def ask_reset(email: str, *, at: datetime) -> None:
    """A letter with a link to choose a new password, if there is an account. Raises BadAddress."""
    account = making.by_address(addresses.normal(email))
    if account is not None:
        _write("reset-password", account, at=at)


class NotTheOldPassword(Refusal):
    """Whoever changes a password knows the one before."""

    sentence = _l("This is not your password.")


def change_password(account: Account, old: str, new: str, *, at: datetime) -> None:
    """Another password for somebody signed in; ends every session and is told by letter.

    Raises NotTheOldPassword and what passwords.weigh refuses.
    """
    if not passwords.fits(old, account.password_hash):
        raise NotTheOldPassword
    reset(account, new, at=at)


def reset(account: Account, password: str, *, at: datetime) -> None:
    """A new password; ends every session, confirms the address the link came to, is told by letter.

    Raises what passwords.weigh refuses.
    """
    passwords.weigh(password, known=(account.email, account.name, *_workspace_names(account)))
    account.password_hash = passwords.hashed(password)
    sessions.end_all(account)
    confirm(account, at=at)
    deeds.of_account("password changed", account, at=at)
    _write("password-changed", account, at=at)


def _workspace_names(account: Account) -> list[str]:
    chosen = select(Workspace.name).join(Member).where(Member.account_id == account.id)
    return list(db.session.scalars(chosen))


def _write(kind: str, account: Account, *, at: datetime) -> None:
    letters.write(
        kind,
        to_address=account.email,
        to_name=account.name,
        language=account.language,
        facts={"account_id": account.id},
        due_at=at,
    )
