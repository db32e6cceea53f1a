"""An account moves to another address: asked for with the password, done by a letter to the new mailbox.

What is answered never depends on whether an account has the address; a letter says it, to that mailbox alone.
"""

from datetime import datetime

from sqlalchemy import delete, update

from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.outbox import letters
from survey_service.outbox.models import Dispatch
from survey_service.workspaces import addresses, deeds, making, members, sessions
from survey_service.workspaces.links import LASTS, MOVING
from survey_service.workspaces.models import Account, Workspace


class OwnAddress(Refusal):
    """It has that address."""

    sentence = _l("This is your address already.")


class AddressGone(Refusal):
    """Somebody else has shown meanwhile that it is theirs."""

    sentence = _l("This address belongs to an account of its own by now; nothing was changed.")


def ask(account: Account, typed: str, *, at: datetime) -> None:
    """Write to the new address for its yes, and to the old one that it was asked.

    Where an account has the address already, the letter there says so, and nothing will change.
    Raises BadAddress, OwnAddress.
    """
    wanted = addresses.normal(typed)
    if wanted == account.email:
        raise OwnAddress
    account.wanted_email, account.wanted_at = wanted, at
    db.session.flush()
    _write("address-taken" if _is_taken(wanted) else "confirm-new-address", account, wanted, at=at)
    _write("address-changing", account, account.email, at=at)


def pending(account: Account, *, at: datetime) -> str | None:
    """The address it waits for; None where it waits for none, or the letter's link is too old."""
    if account.wanted_at is None or account.wanted_at <= at - LASTS[MOVING]:
        return None
    return account.wanted_email


def take_back(account: Account) -> None:
    """It stays; the link in the letter is void."""
    account.wanted_email = account.wanted_at = None
    db.session.flush()


def confirm(account: Account, *, at: datetime) -> None:
    """The new mailbox has said yes: every session ends, and the old one is told. Raises AddressGone.

    A sign-up under the address that was never confirmed gives way: nobody had shown that it is theirs.
    """
    wanted, old = account.wanted_email, account.email
    if wanted is None or _is_taken(wanted):
        raise AddressGone
    _clear(wanted)
    account.email = wanted
    take_back(account)
    sessions.end_all(account)
    _forward(account, old)
    deeds.of_account("address changed", account, at=at)
    _write("address-changed", account, old, at=at)


def _is_taken(email: str) -> bool:
    found = making.by_address(email)
    return found is not None and found.confirmed_at is not None


def _clear(email: str) -> None:
    """What an unconfirmed sign-up made: the account, and the workspace nobody ever saw."""
    found = making.by_address(email)
    if found is None:
        return
    made = [one.workspace_id for one in members.of_account(found)]
    db.session.execute(delete(Workspace).where(Workspace.id.in_(made)))
    db.session.execute(delete(Account).where(Account.id == found.id))
    db.session.expire_all()


def _forward(account: Account, old: str) -> None:
    """What workspaces have written to its owner for later goes to the new mailbox."""
    waiting = update(Dispatch).where(
        Dispatch.to_address == old,
        Dispatch.state == "queued",
        Dispatch.workspace_id.is_not(None),
        Dispatch.facts["account_id"].as_integer() == account.id,
    )
    db.session.execute(waiting.values(to_address=account.email))


def _write(kind: str, account: Account, to: str, *, at: datetime) -> None:
    """Letters to the old address need no record when they leave: it may belong to nobody by then."""
    letters.write(
        kind,
        to_address=to,
        to_name=account.name,
        language=account.language,
        facts={"account_id": account.id},
        due_at=at,
    )
