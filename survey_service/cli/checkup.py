"""Everything an installation needs, looked at once; each fault with one sentence that says what to do."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from survey_service.cli.watching import LATE
from survey_service.foundation import counting
from survey_service.foundation import doctor as tools
from survey_service.foundation.db import db
from survey_service.foundation.installation import Installation
from survey_service.foundation.key_directory import LINK_KEY, KeyMissing
from survey_service.foundation.upgrade import is_current
from survey_service.outbox import keeping
from survey_service.outbox.transports import Smtp, Unreachable
from survey_service.scheduler import turns
from survey_service.waves import leftovers

WELL, CAREFUL, WRONG = "OK", "careful", "wrong"
#: A database's clock may part from ours by this much; letters and closing times stand on it.
DRIFT: Final = timedelta(seconds=30)
#: Bytes. A close writes the whole SQLite file anew beside itself.
ROOM: Final = 500_000_000
SMTP_SECONDS: Final = 10.0
#: A letter that has waited this long does not leave.
WAITING: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Check:
    """One line: what was looked at, how it is, what to do."""

    name: str
    state: str
    says: str = ""

    def __str__(self) -> str:
        return f"{self.state:8} {self.name}" + (f": {self.says}" if self.says else "")


Look = Callable[[Installation, datetime], Iterator[Check]]


def examine(here: Installation, *, at: datetime) -> list[Check]:
    """Every check; those behind the database only where it answers."""
    found = list(_database(here, at))
    if found[-1].state == WELL:
        looks: tuple[Look, ...] = (
            _tables,
            _clocks,
            *((_turning, _letters, _leftovers) if is_current() else ()),
        )
        found += [one for look in looks for one in look(here, at)]
    return found + [one for look in APART_FROM_IT for one in look(here, at)]


def _database(_here: Installation, _at: datetime) -> Iterator[Check]:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError as fault:
        db.session.rollback()
        kind = type(fault).__name__
        yield Check(
            "database", WRONG, f"it does not answer ({kind}). Start it, or correct SURVEY_DATABASE_URL."
        )
    else:
        yield Check("database", WELL)


def _tables(_here: Installation, _at: datetime) -> Iterator[Check]:
    is_well = is_current()
    yield (
        Check("tables", WELL)
        if is_well
        else Check("tables", WRONG, "they are of another version. Run: flask survey migrate")
    )


def _clocks(_here: Installation, at: datetime) -> Iterator[Check]:
    if db.engine.dialect.name != "postgresql":
        return
    theirs = db.session.scalar(select(func.clock_timestamp()))
    if theirs is not None and abs(theirs - at) > DRIFT:
        seconds = int(abs((theirs - at).total_seconds()))
        yield Check(
            "time", WRONG, f"this machine and the database are {seconds} seconds apart. Set both by NTP."
        )
    else:
        yield Check("time", WELL)


def _turning(_here: Installation, at: datetime) -> Iterator[Check]:
    known = turns.all_of()
    late = [one.name for one in known if at > one.next_at + LATE]
    failed = [one.name for one in known if not one.went_well]
    if not known:
        yield Check("clock", CAREFUL, "it has never run. Start: flask survey scheduler run")
    elif late:
        yield Check("clock", WRONG, f"late: {', '.join(late)}. Start: flask survey scheduler run")
    elif failed:
        yield Check("clock", WRONG, f"failed: {', '.join(failed)}. The clock's log says why.")
    else:
        yield Check("clock", WELL)


def _letters(_here: Installation, at: datetime) -> Iterator[Check]:
    oldest = keeping.oldest_due(at)
    if oldest is not None and at - oldest > WAITING:
        since = f"{oldest:%Y-%m-%d %H:%M} UTC"
        yield Check("letters", WRONG, f"one has waited since {since}. Look at: flask survey letters")
    else:
        yield Check("letters", WELL)


def _leftovers(here: Installation, _at: datetime) -> Iterator[Check]:
    try:
        found = leftovers.found(here.keys)
    except KeyMissing:
        return  # said by _keys
    if found:
        yield Check(
            "keys left over",
            CAREFUL,
            f"{here.keys.path} holds {len(found)} of surveys that are over or not in these tables "
            f"({', '.join(found[:3])}). A key that outlives its survey opens what old copies of the tables "
            "hold. If no other installation uses that directory, delete them: shred -u",
        )


def _keys(here: Installation, _at: datetime) -> Iterator[Check]:
    try:
        here.keys.read(LINK_KEY)
    except KeyMissing:
        yield Check(
            "keys",
            WRONG,
            f"{here.keys.path} holds no link key that can be read. Mount it; if it is new, run: "
            "flask survey migrate",
        )
        return
    mode = stat.S_IMODE(here.keys.path.stat().st_mode)
    if mode & 0o077:
        yield Check("keys", WRONG, f"others may look into {here.keys.path}. Type: chmod 700 {here.keys.path}")
    elif not os.access(here.keys.path, os.W_OK):
        yield Check(
            "keys", WRONG, f"{here.keys.path} cannot be written to: no survey can be launched or closed."
        )
    else:
        yield Check("keys", WELL)
    if not here.settings.development and not tools.are_apart(here.keys.path, here.settings.data_dir):
        yield Check(
            "keys apart",
            CAREFUL,
            "keys and data lie on one volume: a snapshot of it holds both, and voids the promise against a "
            "thief. Put SURVEY_KEY_DIR on another volume, or keep it out of every snapshot and backup.",
        )


def _mail(here: Installation, _at: datetime) -> Iterator[Check]:
    url = here.settings.smtp_url
    if url is None:
        yield Check("mail", WELL, "letters go to the development mailbox")
        return
    try:
        Smtp(url, timeout=SMTP_SECONDS).greet()
    except Unreachable as fault:
        yield Check(
            "mail",
            WRONG,
            f"the server of SURVEY_SMTP_URL takes no letters from here ({fault.code}). Letters wait.",
        )
    else:
        yield Check("mail", WELL)


def _disk(here: Installation, _at: datetime) -> Iterator[Check]:
    place = here.settings.data_dir
    try:
        free = shutil.disk_usage(place).free
    except OSError:
        yield Check("disk", WRONG, f"SURVEY_DATA_DIR ({place}) is not there. Make it, owned by this user.")
        return
    if not os.access(place, os.W_OK):
        yield Check("disk", WRONG, f"SURVEY_DATA_DIR ({place}) cannot be written to by this user.")
    elif free < ROOM:
        yield Check("disk", WRONG, f"only {free // 1_000_000} MB are free in {place}. Make room.")
    else:
        yield Check("disk", WELL)


def _limits(here: Installation, _at: datetime) -> Iterator[Check]:
    url = here.settings.limits_url
    if url is not None and not counting.answers(url):
        yield Check(
            "limits", WRONG, "the Redis of SURVEY_LIMITS_URL does not answer. Start it or correct it."
        )
    elif url is not None:
        yield Check("limits", WELL)


def _proxies(here: Installation, _at: datetime) -> Iterator[Check]:
    settings = here.settings
    if settings.base_url.startswith("https:") and not settings.trusted_proxies:
        yield Check(
            "proxies",
            CAREFUL,
            "SURVEY_TRUSTED_PROXIES is 0, but something else must end TLS: all visitors count as one "
            "network. Say how many proxies stand in front.",
        )


def _tools(here: Installation, _at: datetime) -> Iterator[Check]:
    """In production the report's printer alone; the others are for tests."""
    for one in tools.examine():
        if one.present:
            yield Check(one.name, WELL)
        elif here.settings.development or one.name == "pango":
            yield Check(one.name, CAREFUL, f"{one.needed_for}. Type: sudo apt-get install {one.packages}")


APART_FROM_IT: Final[tuple[Look, ...]] = (_keys, _mail, _disk, _limits, _proxies, _tools)
