"""Looking up what a letter speaks of; what is not there, or is not the recipient's, withdraws the letter."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from survey_service.engagements.models import Engagement
from survey_service.foundation.db import db
from survey_service.foundation.i18n import moment
from survey_service.foundation.installation import Installation
from survey_service.outbox.delivery import Withdrawn
from survey_service.outbox.models import Dispatch
from survey_service.workspaces.models import Workspace

Context = dict[str, Any]
Record = TypeVar("Record")
Fact = TypeVar("Fact")


@dataclass
class Sources:
    """Where letters of one moment find what they say."""

    installation: Installation
    at: datetime
    _known: dict[object, object] = field(default_factory=dict)

    def once(self, name: object, find: Callable[[], Fact]) -> Fact:
        """A fact that many letters share, looked up at the first; the name says what it depends on."""
        if name not in self._known:
            self._known[name] = find()
        return cast(Fact, self._known[name])

    def hold(self, number: int, record: object) -> None:
        """A record that letters speak of. Without a hold the session lets go of it, and reads it again."""
        self._known[type(record), number] = record

    def held(self, record: type[Record], number: int) -> Record | None:
        """The record of that number, read only if it is not held."""
        one = self._known.get((record, number))
        return db.session.get(record, number) if one is None else cast(Record, one)

    def forget(self) -> None:
        """Another transaction has begun: facts may have changed."""
        self._known.clear()


Writer = Callable[[Dispatch, Sources], Context]


def found(record: type[Record], dispatch: Dispatch, name: str) -> Record:
    """The record whose number the dispatch keeps under ``name``. Raises Withdrawn."""
    one = db.session.get(record, dispatch.facts[name])
    if one is None:
        raise Withdrawn
    return one


def need_address(dispatch: Dispatch, address: str | None) -> None:
    """Raises Withdrawn where the record now belongs to another address.

    Numbers of deleted rows come round again on SQLite: without this, a letter that waited could carry
    somebody else's link.
    """
    if dispatch.to_address != address:
        raise Withdrawn


def about(engagement: Engagement) -> Context:
    """What every letter to sponsors and sellers says of an engagement."""
    workspace = db.session.get_one(Workspace, engagement.workspace_id)
    closes = moment(engagement.closes_at, engagement.time_zone) if engagement.closes_at else None
    return {
        "workspace": workspace.name,
        "buyer": engagement.buyer,
        "change": engagement.change,
        "closes": closes,
    }
