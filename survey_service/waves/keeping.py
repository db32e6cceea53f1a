"""Whether a wave's keys still fit its tables: a key that is gone or wrong, and a backup restored in mid-wave.

Beside the wave's key lies its *mark*, a random word that also stands with the wave. It is turned at the first
watch of each hour: written here first, then committed there, then the old one dropped. Tables from a backup
carry an older mark, which nothing here knows any more. Marks turn by the clock, whoever answers or not.
"""

import secrets
from datetime import datetime
from typing import Protocol

from survey_service.answers.keys import KeyDoesNotFit, Opener
from survey_service.foundation.key_directory import KeyDirectory, KeyMissing
from survey_service.waves.models import Wave

KEY_MISSING = "key missing"
KEY_DOES_NOT_FIT = "key does not fit"
BACKUP_RESTORED = "backup restored"
NOTHING_OPENS = "no sheet opens"

HOUR = len("2026-11-30T09")


class Kept(Protocol):
    """What of a wave is compared: the record, or a row read for it."""

    @property
    def key(self) -> str:
        """Names its files."""

    @property
    def mark(self) -> str | None:
        """As the tables have it."""

    @property
    def trouble(self) -> str | None:
        """What was found before."""


def wave_key(key: str) -> str:
    """The file of a wave's secret key."""
    return f"wave-{key}.key"


def wave_mark(key: str) -> str:
    """The file of a wave's mark: what the tables say now, and for a moment what they are about to say."""
    return f"wave-{key}.mark"


def fresh_mark(at: datetime) -> str:
    """A new mark: the hour in UTC, then 64 random bits."""
    return f"{at.isoformat()[:HOUR]} {secrets.token_hex(8)}"


def trouble(wave: Kept, keys: KeyDirectory) -> str | None:
    """What keeps answers from being taken, looked at for every deposit; None: nothing."""
    if wave.trouble:
        return wave.trouble
    if not keys.holds(wave_key(wave.key)):
        return KEY_MISSING
    return BACKUP_RESTORED if _is_older(wave.mark, _marks(wave, keys)) else None


def examine(wave: Wave, keys: KeyDirectory) -> str | None:
    """The same from scratch, and whether the key fits; for the watch and for closing."""
    try:
        Opener(keys, wave_key(wave.key), fits=wave.public_key)
    except KeyDoesNotFit:
        return KEY_DOES_NOT_FIT
    except KeyMissing:
        return KEY_MISSING
    if _is_older(wave.mark, _marks(wave, keys)) or _was_restored(wave):
        return BACKUP_RESTORED
    return NOTHING_OPENS if wave.trouble == NOTHING_OPENS else None  # only a closing that succeeds clears it


def turn_mark(wave: Wave, keys: KeyDirectory, *, at: datetime) -> None:
    """A new mark where the hour has changed; known here before it is committed there."""
    if wave.mark is None or wave.mark[:HOUR] != fresh_mark(at)[:HOUR]:
        new = fresh_mark(at)
        keys.put(wave_mark(wave.key), f"{wave.mark or ''}\n{new}".encode())
        wave.mark = new


def settle_mark(wave: Wave, keys: KeyDirectory) -> None:
    """After the commit: only what the tables say is known from now on."""
    if wave.mark is not None and _marks(wave, keys) != [wave.mark]:
        keys.put(wave_mark(wave.key), wave.mark.encode())


def destroy(key: str, keys: KeyDirectory) -> None:
    """The wave's secret key and its mark, overwritten and removed."""
    keys.destroy(wave_key(key))
    keys.destroy(wave_mark(key))


def _marks(wave: Kept, keys: KeyDirectory) -> list[str]:
    """The marks of the key directory; none: nothing was kept, so nothing can be compared."""
    try:
        return keys.read_again(wave_mark(wave.key)).decode(errors="replace").split("\n")
    except KeyMissing:
        return []


def _was_restored(wave: Wave) -> bool:
    """By `flask survey restore`: a wave has its mark from its launch on, and no backup holds it."""
    return wave.trouble == BACKUP_RESTORED and wave.mark is None


def _is_older(mark: str | None, known: list[str]) -> bool:
    """Whether the tables are older than the key directory. An older key directory is no fault of theirs."""
    if not known or (mark or "") in known:
        return False
    return (mark or "")[:HOUR] <= known[-1][:HOUR]
