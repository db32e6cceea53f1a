"""The ballot box from outside: how full it is, and emptying it unopened."""

from sqlalchemy import delete, func, select

from survey_service.answers.models import SheetBox, TextBox
from survey_service.foundation.db import db

#: Tables whose pages are cleaned after a close.
TABLES = ("sheet_box", "text_box", "held_text")


def count(wave_id: int) -> int:
    """How many sheets lie in the wave's box."""
    counted = select(func.count()).select_from(SheetBox).where(SheetBox.wave_id == wave_id)
    return db.session.scalar(counted) or 0


def empty(wave_id: int) -> None:
    """Delete every sheet and text of the wave."""
    db.session.execute(delete(SheetBox).where(SheetBox.wave_id == wave_id))
    db.session.execute(delete(TextBox).where(TextBox.wave_id == wave_id))
