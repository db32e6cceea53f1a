"""Terms: what is frozen at launch and shown to every stakeholder."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from survey_service.aggregator.findings import WaveTerms
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l

FORMAT = "common-ground/terms/1"
K = 5
TEXT_RETENTION_DAYS = 30
SELLER_WAITS_DAYS = 7
#: Who reads the report, in their order; with a sponsor, and without one.
READERS = ("sponsor", "workspace", "whoever they share it with")
READERS_WITHOUT_SPONSOR = ("workspace", "whoever they share it with")
#: Fields that are no part of the text.
BESIDE_THE_TEXT = ("links",)


class TermsChanged(Refusal):
    """The stored terms are not those that were announced."""

    sentence = _l(
        "The terms of this wave do not match their fingerprint. Nothing is accepted until it is cleared up."
    )


@dataclass(frozen=True)
class Terms:
    """A wave's terms. Moments carry their zone, lengths are bytes, ``groups`` are (name, people).

    ``links`` are the texts of the chain: what was frozen at launch, then each amendment (chain.py). The other
    fields hold what stands now. ``instrument_sha256`` is of an instrument of the workspace's own; a packaged
    one is named by its key.
    """

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
    readers: tuple[str, ...] = READERS
    seller_waits_days: int = SELLER_WAITS_DAYS
    text_retention_days: int = TEXT_RETENTION_DAYS
    instrument_sha256: str | None = None
    links: tuple[str, ...] = field(default=(), compare=False, repr=False)

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
        """The one JSON text frozen at launch: sorted keys, no spaces."""
        if self.links:
            return self.links[0]
        content = {name: value for name, value in self.__dict__.items() if name not in BESIDE_THE_TEXT}
        content |= {"format": FORMAT, "groups": [list(group) for group in self.groups]}
        if self.instrument_sha256 is None:
            del content["instrument_sha256"]
        return canonical(content)

    @property
    def sha256(self) -> str:
        """SHA-256 of the chain's last text, in hex; every text but the first names the one before it."""
        return sha256_of(self.links[-1] if self.links else self.canonical)

    @property
    def launched_sha256(self) -> str:
        """SHA-256 of what was frozen at launch, in hex."""
        return sha256_of(self.canonical)

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


def canonical(content: dict[str, Any]) -> str:
    """The one JSON text of these facts; moments in ISO 8601."""
    plain = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in content.items()
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(text: str) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str, sha256: str) -> Terms:
    """Terms as frozen, from their stored text. Raises TermsChanged where text and hash disagree."""
    if sha256_of(text) != sha256:
        raise TermsChanged
    content = json.loads(text)
    content.pop("format")
    content["groups"] = tuple((name, people) for name, people in content["groups"])
    content["readers"] = tuple(content.get("readers", READERS))
    for name in ("launched_at", "closes_at"):
        content[name] = datetime.fromisoformat(content[name])
    return Terms(**content, links=(text,))
