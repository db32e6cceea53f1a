"""The shelf: finding what a key asks, packaged or a workspace's own, and changing what is not frozen."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import func, select

from survey_service import journal
from survey_service.collection.models import OwnInstrument
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotAllowed, NotFound, Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.tokens import fresh_key
from survey_service.instrument import catalog, draft, limits
from survey_service.instrument.catalog import UnknownInstrument
from survey_service.instrument.definition import Definition, plain, read
from survey_service.instrument.draft import Draft
from survey_service.outbox.letters import UNSEEN
from survey_service.workspaces.scope import Scope


class ChangedMeanwhile(Refusal):
    """Somebody else saved it since it was opened. Facts: who."""

    sentence = _l(
        "%(who)s changed this while you were writing. What you typed is still here; "
        "saving again puts it in the place of theirs."
    )


class BadTitle(Refusal):
    """No name to find it by."""

    sentence = _l("Give it a name, in at most %(most)d characters.")


def find(key: str) -> Definition:
    """What 'core/1' asks, or an instrument of a workspace's own. Raises UnknownInstrument."""
    if key in catalog.names():
        return catalog.packaged(key)
    row = _row(key)
    if row is None:
        raise UnknownInstrument(key)
    return definition(row)


def fingerprint(key: str) -> str | None:
    """SHA-256 of what a workspace's own instrument asks; None for a packaged one, which its key names."""
    return None if key in catalog.names() else find(key).sha256


def definition(row: OwnInstrument) -> Definition:
    """What this version asks; once launched, exactly what was launched."""
    if row.asked is not None:
        return _asked(row.asked)
    return _built(row.draft, row.name, row.version, row.title)


def opened(row: OwnInstrument) -> Draft:
    """The version as a draft of one's own, to be changed and then saved."""
    changed: Draft = json.loads(row.draft)
    return changed


def listed(scope: Scope) -> Sequence[OwnInstrument]:
    """All versions of the workspace's own instruments: by title, the newest version first."""
    chosen = select(OwnInstrument).where(OwnInstrument.workspace_id == scope.workspace_id)
    order = (func.lower(OwnInstrument.title), OwnInstrument.name, OwnInstrument.version.desc())
    return db.session.scalars(chosen.order_by(*order)).all()


def newest(scope: Scope) -> list[OwnInstrument]:
    """The newest version of each."""
    return list({one.name: one for one in reversed(listed(scope))}.values())[::-1]


def untaken(scope: Scope, title: str) -> str:
    """The title, or with the first number that no instrument of the workspace's has: 'Core, our words 2'."""
    taken = {row.title for row in listed(scope)}
    numbered = (f"{title} {number}" for number in range(2, len(taken) + 3))
    return next(one for one in (title, *numbered) if one not in taken)


def held(scope: Scope, name: str, version: int) -> OwnInstrument:
    """The workspace's version. Raises NotFound."""
    row = _row(f"{name}/{version}")
    if row is None or row.workspace_id != scope.workspace_id:
        raise NotFound
    return row


def need(scope: Scope, key: str) -> None:
    """Raises NotFound for a key that is neither packaged nor the workspace's own."""
    if key not in catalog.names():
        row = _row(key)
        if row is None or row.workspace_id != scope.workspace_id:
            raise NotFound


def put(scope: Scope, made: Draft, title: str, *, at: datetime) -> OwnInstrument:
    """A new instrument on the shelf. Raises NotAllowed, BadTitle."""
    _need_work(scope)
    row = _add(scope, fresh_key(), 1, made, _title(title), at)
    _note("instrument made", scope, row, at)
    return row


def save(
    scope: Scope, row: OwnInstrument, changed: Draft, title: str, *, seen: str, at: datetime
) -> OwnInstrument:
    """Keep what was changed; of a frozen version a new one is made. Gives the version that holds it.

    ``seen``: the fingerprint (``mark``) of what was opened. Raises NotAllowed, BadTitle, ChangedMeanwhile.
    """
    _need_work(scope)
    name = _title(title)
    db.session.refresh(row, with_for_update=True)
    if seen != mark(row):
        raise ChangedMeanwhile(who=row.changed_by)
    if row.frozen_at is None:
        _write(row, changed, name, scope, at)
        _note("instrument changed", scope, row, at)
        return row
    latest = select(func.max(OwnInstrument.version)).where(OwnInstrument.name == row.name)
    made = _add(scope, row.name, (db.session.scalar(latest) or row.version) + 1, changed, name, at)
    _note("instrument changed", scope, made, at)
    return made


def mark(row: OwnInstrument) -> str:
    """What tells one state of a version from the next."""
    content = f"{row.changed_at.isoformat()} {row.title} {row.draft}"
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def freeze(key: str, *, at: datetime) -> None:
    """At launch: from now on nothing of it changes. Packaged ones never do."""
    row = hold(key)
    if row is not None and row.frozen_at is None:
        asked = json.dumps(plain(definition(row)), ensure_ascii=False)
        row.frozen_at, row.asked = at, asked
        db.session.flush()


def hold(key: str) -> OwnInstrument | None:
    """The version, its row locked until the transaction ends; None for a packaged one."""
    if key in catalog.names():
        return None
    name, _, version = key.rpartition("/")
    held_ = select(OwnInstrument).where(OwnInstrument.name == name, OwnInstrument.version == int(version))
    return db.session.scalar(held_.with_for_update().execution_options(populate_existing=True))


def throw_away(scope: Scope, row: OwnInstrument, *, at: datetime) -> None:
    """Delete a version that was never launched; the caller sees to it that no engagement asks it."""
    _need_work(scope)
    db.session.refresh(row, with_for_update=True)
    if row.frozen_at is not None:
        raise NotAllowed
    _note("instrument deleted", scope, row, at)
    db.session.delete(row)
    db.session.flush()


def offered(scope: Scope, *, chosen: str = "") -> list[tuple[str, str]]:
    """(key, title) of what may be asked: the newest own versions that are fit, and the chosen one."""
    rows = [row for row in listed(scope) if row.key == chosen]
    rows += [row for row in newest(scope) if row.key != chosen and limits.is_fit(definition(row))]
    return [(row.key, row.title) for row in rows]


def _add(scope: Scope, name: str, version: int, made: Draft, title: str, at: datetime) -> OwnInstrument:
    row = OwnInstrument(
        workspace_id=scope.workspace_id,
        name=name,
        version=version,
        title=title,
        draft="",
        changed_at=at,
        changed_by=scope.who,
    )
    _write(row, made, title, scope, at)
    db.session.add(row)
    db.session.flush()
    return row


def _write(row: OwnInstrument, made: Draft, title: str, scope: Scope, at: datetime) -> None:
    draft.build(made, name=row.name, version=row.version, title=title)
    row.draft, row.title = json.dumps(made, ensure_ascii=False), title
    row.changed_at, row.changed_by = at, scope.who


def _row(key: str) -> OwnInstrument | None:
    name, _, version = key.rpartition("/")
    if not (version.isascii() and version.isdecimal() and len(version) < 7):
        return None
    chosen = select(OwnInstrument).where(OwnInstrument.name == name, OwnInstrument.version == int(version))
    return db.session.scalar(chosen)


@lru_cache(maxsize=128)
def _asked(text: str) -> Definition:
    return read(json.loads(text))


@lru_cache(maxsize=128)
def _built(text: str, name: str, version: int, title: str) -> Definition:
    return draft.build(json.loads(text), name=name, version=version, title=title)


def _title(text: str) -> str:
    title = " ".join(UNSEEN.sub(" ", text).split())
    if not title or len(title) > limits.LONGEST_TITLE:
        raise BadTitle(most=limits.LONGEST_TITLE)
    return title


def _need_work(scope: Scope) -> None:
    if not scope.may("work"):
        raise NotAllowed


def _note(event: str, scope: Scope, row: OwnInstrument, at: datetime) -> None:
    facts = {"instrument": row.key, "title": row.title}
    journal.note(event, who=scope.who, at=at, workspace_id=scope.workspace_id, facts=facts)
