"""The one way in. Spends the invitation and seals the answers in the same transaction; keeps no plaintext."""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Executable, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from survey_service.answers import keys, paper
from survey_service.answers.models import SheetBox, TextBox
from survey_service.answers.paper import Ballot
from survey_service.answers.receipts import sheet_id, text_id
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.ready import Ready
from survey_service.invitations.models import Invitation

__all__ = [
    "AlreadyAnswered",
    "Ballot",
    "ReceiptTaken",
    "Sealed",
    "Slot",
    "deposit",
    "is_counted",
    "replace",
    "seal",
    "withdraw",
]


class AlreadyAnswered(Refusal):
    """The link was used, and not with this receipt."""

    sentence = _l("This link has been used. Your receipt lets you change or withdraw your answers.")


class ReceiptTaken(Refusal):
    """A form sent twice, by two links: its receipt already stands for another deposit."""

    sentence = _l("This form was already sent by another link. Start again from your own link.")


CLAIM = Ready(
    update(Invitation)
    .where(Invitation.id == bindparam("invitation"), Invitation.spent.is_(False))
    .values(spent=True, remind_at=None)
)
BOX: dict[str, object] = {name: bindparam(name) for name in ("id", "wave_id", "ciphertext")}
PUT_SHEET, PUT_TEXTS = Ready(insert(SheetBox).values(BOX)), Ready(insert(TextBox).values(BOX))
FOUND = Ready(
    select(SheetBox.wave_id).where(SheetBox.id == bindparam("id"), SheetBox.wave_id == bindparam("wave"))
)


class Asked(Protocol):
    """Whose link it is: the invitation's record, or a value read for this request."""

    @property
    def id(self) -> int:
        """The record's."""

    @property
    def group_name(self) -> str:
        """As frozen in the terms; goes into the sheet."""

    @property
    def spent(self) -> bool:
        """Whether the link has been used."""


@dataclass(frozen=True)
class Slot:
    """An open ballot box: where it is, whom it is sealed for, how long its papers are (bytes)."""

    wave_id: int
    public_key: bytes
    sheet_length: int
    text_length: int


@dataclass(frozen=True)
class Sealed:
    """A ballot as two sealed boxes; nobody here can open them again."""

    sheet: bytes
    texts: bytes


def seal(slot: Slot, invitation: Asked, ballot: Ballot) -> Sealed:
    """The ballot, sealed for the slot: done before anything is locked, because it takes a while."""
    return Sealed(
        sheet=keys.seal(slot.public_key, paper.sheet(invitation.group_name, ballot, slot.sheet_length)),
        texts=keys.seal(slot.public_key, paper.texts(ballot, slot.text_length)),
    )


def deposit(slot: Slot, invitation: Asked, sealed: Sealed, receipt: str) -> bool:
    """Spend the invitation and put both boxes in; False where they had come before with this receipt.

    The caller holds the wave open in the same transaction. Raises AlreadyAnswered, ReceiptTaken.
    """
    if not _spend(invitation):
        if is_counted(slot.wave_id, receipt):
            return False
        raise AlreadyAnswered
    sheet = {"id": sheet_id(receipt), "wave_id": slot.wave_id, "ciphertext": sealed.sheet}
    texts = {"id": text_id(receipt), "wave_id": slot.wave_id, "ciphertext": sealed.texts}
    try:
        PUT_SHEET.reach(sheet)
    except IntegrityError:  # ids are of all waves together, and this one is there already
        raise ReceiptTaken from None
    PUT_TEXTS.reach(texts)
    return True


def is_counted(wave_id: int, receipt: str) -> bool:
    """Whether a sheet lies under this receipt. Unknown and withdrawn look alike."""
    return bool(FOUND.rows({"id": sheet_id(receipt), "wave": wave_id}))


def replace(slot: Slot, invitation: Asked, sealed: Sealed, receipt: str) -> bool:
    """Put new papers in place of the receipt's sheet and texts; False where there are none.

    An unused link replaces nothing: its own answers are still to come, and would count in its own group.
    """
    if not invitation.spent:
        return False
    return _both(
        update(SheetBox)
        .where(SheetBox.id == sheet_id(receipt), SheetBox.wave_id == slot.wave_id)
        .values(ciphertext=sealed.sheet),
        update(TextBox)
        .where(TextBox.id == text_id(receipt), TextBox.wave_id == slot.wave_id)
        .values(ciphertext=sealed.texts),
    )


def withdraw(slot: Slot, receipt: str) -> bool:
    """Take the receipt's sheet and texts out for good; False where there are none."""
    return _both(
        delete(SheetBox).where(SheetBox.id == sheet_id(receipt), SheetBox.wave_id == slot.wave_id),
        delete(TextBox).where(TextBox.id == text_id(receipt), TextBox.wave_id == slot.wave_id),
    )


def _spend(invitation: Asked) -> bool:
    """The row is the lock: whoever changed it has won."""
    return CLAIM.reach({"invitation": invitation.id}) == 1


def _both(sheet: Executable, texts: Executable) -> bool:
    """Run the two statements; True when the sheet's reached a row (the texts' always lie beside it)."""
    connection = db.session.connection()
    reached = connection.execute(sheet).rowcount
    connection.execute(texts)
    return bool(reached == 1)
