"""The one way in. Spends the invitation and seals the answers in the same transaction; keeps no plaintext."""

from dataclasses import dataclass

from sqlalchemy import Executable, delete, insert, select, update

from survey_service.answers import keys, paper
from survey_service.answers.models import SheetBox, TextBox
from survey_service.answers.paper import Ballot
from survey_service.answers.receipts import sheet_id, text_id
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.invitations.models import Invitation

__all__ = [
    "AlreadyAnswered",
    "Ballot",
    "ReceiptTaken",
    "Slot",
    "deposit",
    "is_counted",
    "replace",
    "withdraw",
]


class AlreadyAnswered(Refusal):
    """The link was used, and not with this receipt."""

    sentence = _l("This link has been used. Your receipt lets you change or withdraw your answers.")


class ReceiptTaken(Refusal):
    """A form sent twice, by two links: its receipt already stands for another deposit."""

    sentence = _l("This form was already sent by another link. Start again from your own link.")


@dataclass(frozen=True)
class Slot:
    """An open ballot box: where it is, whom it is sealed for, how long its papers are (bytes)."""

    wave_id: int
    public_key: bytes
    sheet_length: int
    text_length: int


def deposit(slot: Slot, invitation: Invitation, ballot: Ballot, receipt: str) -> None:
    """Spend the invitation and put both boxes in. The same receipt again changes nothing and is no fault.

    The caller holds the wave open in the same transaction. Raises AlreadyAnswered, ReceiptTaken.
    """
    is_there = is_counted(slot.wave_id, receipt)
    if not _spend(invitation):
        if is_there:
            return
        raise AlreadyAnswered
    if is_there or _lies_elsewhere(receipt):
        raise ReceiptTaken
    sheet, texts = _sealed(slot, invitation.group_name, ballot)
    db.session.execute(insert(SheetBox).values(id=sheet_id(receipt), wave_id=slot.wave_id, ciphertext=sheet))
    db.session.execute(insert(TextBox).values(id=text_id(receipt), wave_id=slot.wave_id, ciphertext=texts))


def is_counted(wave_id: int, receipt: str) -> bool:
    """Whether a sheet lies under this receipt. Unknown and withdrawn look alike."""
    found = select(SheetBox.wave_id).where(SheetBox.id == sheet_id(receipt), SheetBox.wave_id == wave_id)
    return db.session.scalar(found) is not None


def _lies_elsewhere(receipt: str) -> bool:
    """Whether the receipt is of another wave: ids are of all waves together."""
    return db.session.scalar(select(SheetBox.wave_id).where(SheetBox.id == sheet_id(receipt))) is not None


def replace(slot: Slot, invitation: Invitation, ballot: Ballot, receipt: str) -> bool:
    """Put new papers in place of the receipt's sheet and texts; False where there are none.

    An unused link replaces nothing: its own answers are still to come, and would count in its own group.
    """
    if not invitation.spent:
        return False
    sheet, texts = _sealed(slot, invitation.group_name, ballot)
    return _both(
        update(SheetBox)
        .where(SheetBox.id == sheet_id(receipt), SheetBox.wave_id == slot.wave_id)
        .values(ciphertext=sheet),
        update(TextBox)
        .where(TextBox.id == text_id(receipt), TextBox.wave_id == slot.wave_id)
        .values(ciphertext=texts),
    )


def withdraw(slot: Slot, receipt: str) -> bool:
    """Take the receipt's sheet and texts out for good; False where there are none."""
    return _both(
        delete(SheetBox).where(SheetBox.id == sheet_id(receipt), SheetBox.wave_id == slot.wave_id),
        delete(TextBox).where(TextBox.id == text_id(receipt), TextBox.wave_id == slot.wave_id),
    )


def _spend(invitation: Invitation) -> bool:
    """The row is the lock: whoever changed it has won."""
    claim = (
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.spent.is_(False))
        .values(spent=True, remind_at=None)
    )
    return db.session.connection().execute(claim).rowcount == 1


def _sealed(slot: Slot, group: str, ballot: Ballot) -> tuple[bytes, bytes]:
    return (
        keys.seal(slot.public_key, paper.sheet(group, ballot, slot.sheet_length)),
        keys.seal(slot.public_key, paper.texts(ballot, slot.text_length)),
    )


def _both(sheet: Executable, texts: Executable) -> bool:
    """Run the two statements; True when the sheet's reached a row (the texts' always lie beside it)."""
    connection = db.session.connection()
    reached = connection.execute(sheet).rowcount
    connection.execute(texts)
    return bool(reached == 1)
