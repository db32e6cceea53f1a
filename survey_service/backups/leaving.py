"""What no backup holds, so that a copy kept for years tells nothing about who answered, or when.

A wave that was open when its tables were restored is lost in any case (docs/anonymity.md), so its boxes and
its marks of used links could help nobody but a thief. Two backups around a deposit are the same to the byte.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Select, Table, or_, select

from survey_service.outbox.models import Dispatch
from survey_service.waves.lost import UNDECIDED
from survey_service.waves.models import Wave

#: Tables of which no row is copied, each with its reason.
TABLES: Final[Mapping[str, str]] = {
    "sheet_box": "answers, sealed: the key that opens them is in no backup",
    "text_box": "free texts, sealed: the same",
    "browser_session": "who is signed in where: all sign in anew",
    "minute_count": "letters of a minute to a mail host: reminders, and so who had not answered, in numbers",
    "turn": "when the clock last did what: a restored one would tell of another clock",
}
#: Columns copied as if nothing had happened yet.
COLUMNS: Final[Mapping[tuple[str, str], object]] = {
    ("invitation", "spent"): False,
    ("invitation", "remind_at"): None,
    ("invitation", "reminders_sent"): 0,
    ("wave", "mark"): None,
    ("wave", "trouble_since"): None,
}


def rows_of(table: Table) -> Select[tuple[object, ...]]:
    """The rows to copy, in the order of their keys: where they lie tells when they were changed."""
    chosen = select(table).order_by(*table.primary_key.columns)
    if table.name != Dispatch.__tablename__:
        return chosen
    # Reminders went to links not yet used; those of a wave that is over are deleted at its close.
    running = select(Wave.id).where(Wave.state.in_(UNDECIDED))
    return chosen.where(or_(table.c.wave_id.is_(None), table.c.wave_id.not_in(running)))


def blanked(table: str, row: Mapping[str, object]) -> list[object]:
    """The row's values in the order of its columns, without what is left out."""
    return [COLUMNS.get((table, name), value) for name, value in row.items()]
