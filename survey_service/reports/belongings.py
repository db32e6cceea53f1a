"""Everything of a workspace as one zip, written piece by piece; nothing of who answered, or of any link."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from survey_service import journal
from survey_service.engagements import roster
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement
from survey_service.engagements.roster_csv import roster_to_csv
from survey_service.foundation.db import db
from survey_service.reports import exports, publish
from survey_service.reports.models import Share
from survey_service.waves.models import Amendment, Wave
from survey_service.workspaces import members, settings
from survey_service.workspaces.scope import Scope

JOURNAL_ROWS = 500
READ_ME = """Everything Common Ground keeps for this workspace.

workspace.json            settings, members and their roles
journal.csv               who did what, when
engagements/KEY/
  engagement.json         words, dates, sponsor, share links (without the links)
  roster.csv              people, as the list can be imported again
  wave-N/terms.json       what was frozen at launch and shown to everyone
  wave-N/amendment-M.json what was announced since
  report.json, report.csv the released report, where it is yours to read

Not in it, because nobody is shown it: answers, who has answered, reminders, personal and share links, keys.
Moments are in UTC.
"""


class _Outlet(io.RawIOBase):
    """Takes what the zip writes until somebody fetches it; cannot be rewound."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        """It is there to be written to."""
        return True

    def write(self, content: Any) -> int:  # noqa: ANN401 - any buffer
        """Hold it."""
        self._held += content
        return len(content)

    def taken(self) -> bytes:
        """All that was held, held no more."""
        content = bytes(self._held)
        self._held.clear()
        return content


def packed(scope: Scope, *, at: datetime) -> Iterator[bytes]:
    """The zip in pieces: one engagement and some hundred lines of the journal are in memory at a time."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in _files(scope, at):
            with archive.open(name, "w") as file:
                for piece in pieces:
                    file.write(piece)
                    yield outlet.taken()
            yield outlet.taken()
    yield outlet.taken()


def _files(scope: Scope, at: datetime) -> Iterator[tuple[str, Iterable[bytes]]]:
    yield "READ-ME.txt", [READ_ME.encode()]
    yield "workspace.json", [_json(_workspace(scope))]
    yield "journal.csv", _journal(scope)
    chosen = (
        select(Engagement.id).where(Engagement.workspace_id == scope.workspace_id).order_by(Engagement.id)
    )
    for number in list(db.session.scalars(chosen)):
        engagement = db.session.get(Engagement, number)
        if engagement is not None:
            yield from _engagement(engagement, at)
            db.session.expunge_all()


def _json(content: Any) -> bytes:  # noqa: ANN401 - whatever JSON holds
    return (json.dumps(content, ensure_ascii=False, indent=2, default=datetime.isoformat) + "\n").encode()


def _workspace(scope: Scope) -> dict[str, Any]:
    people = [
        {"name": one.account.name, "email": one.account.email, "role": one.role}
        for one in members.listed(scope)
    ]
    return {
        "key": scope.workspace_key,
        "settings": asdict(settings.of(scope.workspace_id)),
        "members": people,
    }


def _journal(scope: Scope) -> Iterator[bytes]:
    yield _line(("at", "who", "event", "engagement", "facts"))
    last = 0
    while rows := _entries(scope.workspace_id, last):
        for entry, key in rows:
            facts = json.dumps(entry.facts, ensure_ascii=False) if entry.facts else ""
            yield _line((entry.at.isoformat(), entry.who, entry.event, key or "", facts))
            last = entry.id
        db.session.expunge_all()


def _entries(workspace_id: int, after: int) -> list[Any]:
    chosen = (
        select(journal.Entry, Engagement.key)
        .outerjoin(Engagement, Engagement.id == journal.Entry.engagement_id)
        .where(journal.Entry.workspace_id == workspace_id, journal.Entry.id > after)
        .order_by(journal.Entry.id)
        .limit(JOURNAL_ROWS)
    )
    return list(db.session.execute(chosen))


def _line(cells: Iterable[str]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerow([exports.plain(cell) for cell in cells])
    return stream.getvalue().encode()


def _engagement(engagement: Engagement, at: datetime) -> Iterator[tuple[str, Iterable[bytes]]]:
    folder = f"engagements/{engagement.key}"
    yield f"{folder}/engagement.json", [_json(_words(engagement))]
    yield f"{folder}/roster.csv", [roster_to_csv(roster.as_people(roster.people(engagement)))]
    for wave in db.session.scalars(select(Wave).where(Wave.engagement_id == engagement.id)).all():
        yield f"{folder}/wave-{wave.number}/terms.json", [wave.terms.encode()]
        for made in db.session.scalars(select(Amendment).where(Amendment.wave_id == wave.id)).all():
            yield f"{folder}/wave-{wave.number}/amendment-{made.number}.json", [made.document.encode()]
    try:
        document = publish.for_seller(engagement, at=at)
    except (publish.NotClosedYet, publish.NotReleasedYet):
        return
    yield f"{folder}/report.json", [exports.to_json(document).encode()]
    yield f"{folder}/report.csv", [exports.to_csv(document).encode()]


def _words(engagement: Engagement) -> dict[str, Any]:
    names = ("key", "buyer", "change", "language", "time_zone", "created_at", "closes_at", "believed_step")
    sponsor = sponsors.of(engagement)
    return {
        **{name: getattr(engagement, name) for name in (*names, "instrument", "archived_at", "erases_at")},
        "sponsor": {"name": sponsor.name, "email": sponsor.email} if sponsor else None,
        "shares": [_share(one) for one in _shares(engagement)],
    }


def _shares(engagement: Engagement) -> list[Share]:
    """The seller's own; the sponsor's are the buyer's."""
    mine = Share.engagement_id == engagement.id, Share.from_sponsor.is_(False)
    return list(db.session.scalars(select(Share).where(*mine).order_by(Share.id)))


def _share(share: Share) -> dict[str, Any]:
    names = ("label", "shared_by", "created_at", "expires_at", "revoked_at", "views", "frame_origin")
    return {name: getattr(share, name) for name in names}
