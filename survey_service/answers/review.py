"""Free texts between close and the sponsor's reading: shuffled, sealed under a key of their own."""

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from survey_service.answers import keys, paper
from survey_service.answers.keys import Opener, Unreadable
from survey_service.answers.models import HeldText
from survey_service.foundation.db import db
from survey_service.foundation.key_directory import KeyDirectory

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Text:
    """One text as the sponsor reads it; ``id`` is random and says nothing about its writer."""

    id: str
    question: str
    text: str


def hold(directory: KeyDirectory, name: str, wave_id: int, texts: Mapping[str, Sequence[str]]) -> int:
    """Seal the texts of each open question; how many. A key left by an attempt cut short is replaced.

    They are shuffled before they are written: PostgreSQL keeps rows as they came, and reads boxes in the
    order of deposits, which an older copy of the tables tells.
    """
    if not texts:
        return 0
    directory.destroy(name)
    public_key = keys.make_pair(directory, name)
    notes = [paper.note(question, text) for question, written in texts.items() for text in written]
    for identity, note in zip(sorted(secrets.token_bytes(16) for _ in notes), _shuffled(notes), strict=True):
        sealed = keys.seal(public_key, note)
        db.session.add(HeldText(id=identity, wave_id=wave_id, ciphertext=sealed))
    db.session.flush()
    return sum(map(len, texts.values()))


def _shuffled(notes: list[bytes]) -> list[bytes]:
    secrets.SystemRandom().shuffle(notes)
    return notes


def held(directory: KeyDirectory, name: str, wave_id: int) -> list[Text]:
    """The texts that wait, in the order of their random ids; a damaged one is left out. Raises KeyMissing."""
    chosen = select(HeldText).where(HeldText.wave_id == wave_id).order_by(HeldText.id)
    waiting = list(db.session.scalars(chosen))
    if not waiting:
        return []
    opener = Opener(directory, name)
    return [text for one in waiting if (text := _read(opener, one)) is not None]


def _read(opener: Opener, one: HeldText) -> Text | None:
    try:
        content = paper.read(opener.open(one.ciphertext))
        return Text(one.id.hex(), str(content["question"]), str(content["text"]))
    except (Unreadable, ValueError, KeyError):
        log.error("a text of wave %s that waits for its sponsor did not open", one.wave_id)
        return None


def is_waiting(wave_id: int) -> bool:
    """Whether any text of the wave waits to be read."""
    return db.session.scalar(select(HeldText.wave_id).where(HeldText.wave_id == wave_id).limit(1)) is not None


def forget(wave_id: int) -> None:
    """Delete the texts that wait. Their key goes after the commit: a rollback must find it."""
    db.session.execute(delete(HeldText).where(HeldText.wave_id == wave_id))
