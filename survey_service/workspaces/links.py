"""Links sent to accounts: signed, dated, for one purpose, void once what they are for has happened."""

from datetime import timedelta

from survey_service.foundation import clock, tokens
from survey_service.foundation.db import db
from survey_service.workspaces.models import Account, MemberInvitation
from survey_service.workspaces.passwords import fingerprint

CONFIRMING = "confirm address"
RESETTING = "reset password"
JOINING = "join workspace"
MOVING = "move account"

#: How long a link is good for, from when its letter was sent.
LASTS = {
    CONFIRMING: timedelta(days=7),
    RESETTING: timedelta(hours=2),
    JOINING: timedelta(days=14),
    MOVING: timedelta(days=2),
}


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


def moving_token(secret: str, account: Account) -> str:
    """For the letter that asks whether the address an account shall move to is theirs."""
    return _token(secret, MOVING, account.id, _of_move(account))


def moving(secret: str, token: str) -> Account | None:
    """Which account moves; None if not genuine, too old, done, taken back, or asked for another address."""
    number = tokens.number_in(token)
    found = db.session.get(Account, number) if number else None
    if found is None or found.wanted_email is None:
        return None
    return found if _is_genuine(secret, MOVING, token, _of_move(found)) else None


def invitation_token(secret: str, asked: MemberInvitation) -> str:
    """For the letter that asks a colleague into a workspace."""
    return _token(secret, JOINING, asked.id, _of_invitation(asked))


def invited(secret: str, token: str) -> MemberInvitation | None:
    """The invitation; None if not genuine, too old, taken back or accepted."""
    number = tokens.number_in(token)
    found = db.session.get(MemberInvitation, number) if number else None
    return found if found and _is_genuine(secret, JOINING, token, _of_invitation(found)) else None


def _of_account(account: Account) -> str:
    """What must still be so: a new password makes links void, and so does a new address."""
    return f"{fingerprint(account.password_hash)} {account.email}"


def _of_move(account: Account) -> str:
    return f"{_of_account(account)} {account.wanted_email}"


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
