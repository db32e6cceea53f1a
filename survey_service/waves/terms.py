"""Terms: what is frozen at launch and shown to every stakeholder."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from survey_service.aggregator.findings import WaveTerms
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l

FORMAT = "common-ground/terms/1"
K = 5
TEXT_RETENTION_DAYS = 30


class TermsChanged(Refusal):
    """The stored terms are not those that were announced."""

    sentence = _l(
        "The terms of this wave do not match their fingerprint. Nothing is accepted until it is cleared up."
    )


@dataclass(frozen=True)
class Terms:
    """A wave's terms. Moments carry their zone, lengths are bytes, ``groups`` are (name, people)."""

    wave: int
    workspace: str
    operator: str
    buyer: str
    change: str
    sponsor: str | None
    k: int
    groups: tuple[tuple[str, int], ...]
    instrument: str
    language: str
    time_zone: str
    launched_at: datetime
    closes_at: datetime
    believed_step: int | None
    sheet_length: int
    text_length: int
    text_retention_days: int = TEXT_RETENTION_DAYS

    @property
    def stakeholders(self) -> int:
        """Everyone invited."""
        return sum(people for _, people in self.groups)

    @property
    def asks_texts(self) -> bool:
        """Free text is asked only where a sponsor reads it first."""
        return self.sponsor is not None

    @property
    def canonical(self) -> str:
        """The one JSON text these terms have: sorted keys, no spaces."""
        content: dict[str, Any] = {"format": FORMAT, **self.__dict__}
        content["groups"] = [list(group) for group in self.groups]
        for name in ("launched_at", "closes_at"):
            content[name] = content[name].isoformat()
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def sha256(self) -> str:
        """SHA-256 of the canonical text, in hex."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @property
    def fingerprint(self) -> str:
        """The hash's first twelve characters, in groups that can be compared by eye."""
        return short(self.sha256)

    @property
    def publication(self) -> WaveTerms:
        """What disclosure control needs to know of them."""
        return WaveTerms(k=self.k, groups=dict(self.groups), has_sponsor=self.sponsor is not None)


def short(sha256: str) -> str:
    """A fingerprint for eyes: xxxx xxxx xxxx."""
    return " ".join(sha256[start : start + 4] for start in (0, 4, 8))


@lru_cache(maxsize=256)
def read(canonical: str, sha256: str) -> Terms:
    """Terms from their stored text. Raises TermsChanged where text and hash disagree."""
    if hashlib.sha256(canonical.encode()).hexdigest() != sha256:
        raise TermsChanged
    content = json.loads(canonical)
    content.pop("format")
    content["groups"] = tuple((name, people) for name, people in content["groups"])
    for name in ("launched_at", "closes_at"):
        content[name] = datetime.fromisoformat(content[name])
    return Terms(**content)
