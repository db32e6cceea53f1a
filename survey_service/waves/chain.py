"""The chain of terms: each amendment is hashed onto the last, so that none can be changed or dropped."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from survey_service.foundation.db import db
from survey_service.waves import terms as wave_terms
from survey_service.waves.models import Amendment, Wave
from survey_service.waves.terms import Terms, TermsChanged, canonical, sha256_of

FORMAT = "common-ground/amendment/1"

CLOSING_MOVED = "closing moved"
PEOPLE_ADDED = "people added"
SPONSOR_REPLACED = "sponsor replaced"


@dataclass(frozen=True)
class Change:
    """One amendment. Of the last three only that of its ``kind`` is set; ``added`` holds (group, people)."""

    number: int
    previous: str
    announced_at: datetime
    kind: str
    closes_at: datetime | None = None
    added: tuple[tuple[str, int], ...] = ()
    sponsor: str | None = None

    @property
    def text(self) -> str:
        """The one JSON text this amendment has; its SHA-256 is the next one's ``previous``."""
        facts: dict[str, Any] = {name: value for name, value in self.__dict__.items() if value}
        return canonical({"format": FORMAT, **facts})

    @classmethod
    def read(cls, text: str) -> "Change":
        """An amendment from its text."""
        content = json.loads(text)
        content.pop("format")
        content["added"] = tuple((group, people) for group, people in content.get("added", ()))
        for name in ("announced_at", "closes_at"):
            if name in content:
                content[name] = datetime.fromisoformat(content[name])
        return cls(**content)


def current(wave: Wave) -> Terms:
    """What stands now: the terms of launch, amended. Raises TermsChanged where the chain is broken."""
    links = tuple((row.number, row.document, row.sha256) for row in rows(wave))
    return followed(wave.terms, wave.terms_sha256, links)


@lru_cache(maxsize=256)
def followed(text: str, sha256: str, amendments: tuple[tuple[int, str, str], ...]) -> Terms:
    """Terms of launch and (number, text, hash) of each amendment, to the end. Raises TermsChanged.

    Remembered by the texts themselves: a chain that differs in one letter is read and checked anew.
    """
    terms = wave_terms.read(text, sha256)
    for expected, (number, document, hashed) in enumerate(amendments, start=1):
        if number != expected:
            raise TermsChanged
        terms = amended(terms, document, hashed)
    return terms


def amended(terms: Terms, text: str, sha256: str) -> Terms:
    """The terms with one more amendment. Raises TermsChanged where it does not follow from the last."""
    change = Change.read(text) if sha256_of(text) == sha256 else None
    if change is None or (change.previous, change.number) != (terms.sha256, len(terms.links)):
        raise TermsChanged
    return replace(
        terms,
        closes_at=change.closes_at or terms.closes_at,
        groups=_with(terms.groups, dict(change.added)),
        sponsor=change.sponsor or terms.sponsor,
        links=(*terms.links, text),
    )


def changes(terms: Terms) -> list[Change]:
    """The amendments of these terms, in order."""
    return [Change.read(text) for text in terms.links[1:]]


def rows(wave: Wave) -> list[Amendment]:
    """The wave's amendments as stored, in order."""
    chosen = select(Amendment).where(Amendment.wave_id == wave.id).order_by(Amendment.number)
    return list(db.session.scalars(chosen))


def _with(groups: tuple[tuple[str, int], ...], added: dict[str, int]) -> tuple[tuple[str, int], ...]:
    if added.keys() - dict(groups).keys():
        raise TermsChanged
    return tuple((group, people + added.get(group, 0)) for group, people in groups)
