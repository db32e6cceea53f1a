"""How many letters leave in a minute to one mail host and for one workspace, all workers counted together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from survey_service.foundation.db import db
from survey_service.outbox.letters import LETTERS
from survey_service.outbox.models import Dispatch, MinuteCount


@dataclass(frozen=True)
class Pace:
    """Letters a minute to one mail host and for one workspace; 0: any number."""

    per_host: int = 0
    per_workspace: int = 0

    @property
    def is_kept(self) -> bool:
        """Whether any letter is held back."""
        return bool(self.per_host or self.per_workspace)

    def limits(self, dispatch: Dispatch) -> Iterator[tuple[str, int]]:
        """What the letter is counted under, with how many may leave; letters of a wave alone are counted.

        Those somebody waits for, a new password or a lost link, keep to no pace. Reminders are counted apart:
        a seller who watches how fast invitations leave would else see how many reminders leave beside them.
        """
        if dispatch.wave_id is None:
            return
        apart = "quiet " if LETTERS[dispatch.kind].is_quiet else ""
        if self.per_host:
            yield f"{apart}host {dispatch.to_address.rpartition('@')[2]}", self.per_host
        if self.per_workspace:
            yield f"{apart}workspace {dispatch.workspace_id}", self.per_workspace


def admit(dispatches: Sequence[Dispatch], pace: Pace, *, at: datetime) -> frozenset[int]:
    """The numbers of those that may leave in this minute, counted; in the caller's own short transaction,
    the one that claims them.

    Rows are locked in the order of their names, so that no two workers wait for each other.
    """
    limits = {one.id: dict(pace.limits(one)) for one in dispatches}
    left = _left({name: most for each in limits.values() for name, most in each.items()}, at)
    before, admitted = dict(left), set()
    for number, each in limits.items():
        if all(left[name] > 0 for name in each):
            admitted.add(number)
            left.update({name: left[name] - 1 for name in each})
    _count({name: before[name] - left[name] for name in left if before[name] > left[name]})
    return frozenset(admitted)


def forget(*, at: datetime) -> int:
    """Counts of minutes gone by are deleted, so that nobody reads from them how many were reminded."""
    return (
        db.session.connection().execute(delete(MinuteCount).where(MinuteCount.minute < _minute(at))).rowcount
    )


def _left(limits: dict[str, int], at: datetime) -> dict[str, int]:
    """How many more may leave under each name; its row is ours until the transaction ends."""
    if not limits:
        return {}
    minute, names = _minute(at), sorted(limits)
    _need(names, minute)
    chosen = select(MinuteCount).where(MinuteCount.name.in_(names)).order_by(MinuteCount.name)
    rows = db.session.scalars(chosen.with_for_update().execution_options(populate_existing=True)).all()
    for row in rows:
        if row.minute != minute:
            row.minute, row.taken = minute, 0
    db.session.flush()
    return {row.name: limits[row.name] - row.taken for row in rows}


def _need(names: Iterable[str], minute: datetime) -> None:
    """A row for each name, whoever makes it."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    rows = [{"name": name, "minute": minute, "taken": 0} for name in names]
    db.session.execute(dialect.insert(MinuteCount).values(rows).on_conflict_do_nothing())


def _count(taken: dict[str, int]) -> None:
    for name, number in sorted(taken.items()):
        db.session.execute(
            update(MinuteCount).where(MinuteCount.name == name).values(taken=MinuteCount.taken + number)
        )


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
