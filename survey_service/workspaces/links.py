"""Links sent to accounts: signed, dated, for one purpose, void once what they are for has happened."""

import hashlib
from datetime import timedelta

from survey_service.foundation.db import db
from survey_service.foundation.tokens import signed, unsigned
from survey_service.workspaces.models import Account, MemberInvitation
from survey_service.workspaces.passwords import fingerprint

CONFIRMING = "confirm address"
RESETTING = "reset password"
JOINING = "join workspace"

#: How long a link is good for, from when its letter was sent.
LASTS = {CONFIRMING: timedelta(days=7), RESETTING: timedelta(hours=2), JOINING: timedelta(days=14)}


def confirm_token(secret: str, account: Account) -> str:
    """For the letter that asks whether the address is theirs."""
    return signed(secret, CONFIRMING, _of_account(account))


def confirming(secret: str, token: str) -> Account | None:
    """Whose address it confirms; None if not genuine, too old, or signed up anew since.

    It still names the account after confirming, so that a second click can be told so.
    """
    return _account(secret, CONFIRMING, token)


def reset_token(secret: str, account: Account) -> str:
    """For the letter that lets a new password be chosen."""
    return signed(secret, RESETTING, _of_account(account))


def resetting(secret: str, token: str) -> Account | None:
    """Whose password may be set; None if not genuine, too old or used."""
    return _account(secret, RESETTING, token)


def invitation_token(secret: str, asked: MemberInvitation) -> str:
    """For the letter that asks a colleague into a workspace."""
    return signed(secret, JOINING, _of_invitation(asked))


def invited(secret: str, token: str) -> MemberInvitation | None:
    """The invitation; None if not genuine, too old, taken back or accepted."""
    match _facts(secret, JOINING, token):
        case [int(number), str()] as facts:
            found = db.session.get(MemberInvitation, number)
            return found if found is not None and _of_invitation(found) == facts else None
    return None


def _of_account(account: Account) -> list[object]:
    return [account.id, fingerprint(account.password_hash)]


def _of_invitation(asked: MemberInvitation) -> list[object]:
    """Row numbers come round again; address and moment do not."""
    mark = hashlib.sha256(f"{asked.email} {asked.created_at.isoformat()}".encode()).hexdigest()
    return [asked.id, mark[:16]]


def _account(secret: str, purpose: str, token: str) -> Account | None:
    match _facts(secret, purpose, token):
        case [int(number), str()] as facts:
            found = db.session.get(Account, number)
            return found if found is not None and _of_account(found) == facts else None
    return None


def _facts(secret: str, purpose: str, token: str) -> object | None:
    return unsigned(secret, purpose, token, max_age=int(LASTS[purpose].total_seconds()))
