"""Links sent to accounts: signed, dated, for one purpose, void once what they are for has happened."""

from datetime import timedelta

from survey_service.foundation import clock, tokens
from survey_service.foundation.db import db
from survey_service.workspaces.models import Account, MemberInvitation
from survey_service.workspaces.passwords import fingerprint

CONFIRMING = "confirm address"
RESETTING = "reset password"
JOINING = "join workspace"

#: How long a link is good for, from when its letter was sent.
LASTS = {CONFIRMING: timedelta(days=7), RESETTING: timedelta(hours=2), JOINING: timedelta(days=14)}


def confirm_token(secret: str, account: Account) -> str:
    """For the letter that asks whether the address is theirs."""
    return _token(secret, CONFIRMING, account.id, _of_account(account))


def confirming(secret: str, token: str) -> Account | None:
    """Whose address it confirms; None if not genuine, too old, or signed up anew since.

    It still names the account after confirming, so that a second click can be told so.
    """
    return _account(secret, CONFIRMING, token)


def reset_token(secret: str, account: Account) -> str:
    """For the letter that lets a new password be chosen."""
    return _token(secret, RESETTING, account.id, _of_account(account))


def resetting(secret: str, token: str) -> Account | None:
    """Whose password may be set; None if not genuine, too old or used."""
    return _account(secret, RESETTING, token)


def invitation_token(secret: str, asked: MemberInvitation) -> str:
    """For the letter that asks a colleague into a workspace."""
    return _token(secret, JOINING, asked.id, _of_invitation(asked))


def invited(secret: str, token: str) -> MemberInvitation | None:
    """The invitation; None if not genuine, too old, taken back or accepted."""
    number = tokens.number_in(token)
    found = db.session.get(MemberInvitation, number) if number else None
    return found if found and _is_genuine(secret, JOINING, token, _of_invitation(found)) else None


def _of_account(account: Account) -> str:
    """What must still be so: a new password makes the links of the old one void."""
    return fingerprint(account.password_hash)


def _of_invitation(asked: MemberInvitation) -> str:
    """Row numbers come round again; address and moment do not."""
    return f"{asked.email} {asked.created_at.isoformat()}"


def _account(secret: str, purpose: str, token: str) -> Account | None:
    number = tokens.number_in(token)
    found = db.session.get(Account, number) if number else None
    return found if found and _is_genuine(secret, purpose, token, _of_account(found)) else None


def _token(secret: str, purpose: str, number: int, mark: str) -> str:
    return tokens.sealed(secret, f"{purpose}|{mark}", number, at=clock.now())


def _is_genuine(secret: str, purpose: str, token: str, mark: str) -> bool:
    return tokens.is_genuine(secret, f"{purpose}|{mark}", token, at=clock.now(), lasts=LASTS[purpose])
