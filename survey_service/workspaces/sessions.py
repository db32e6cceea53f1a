"""Where an account is signed in: a row a browser, so that each can be seen and ended."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from survey_service.foundation.db import db
from survey_service.workspaces.models import Account, BrowserSession

#: How exactly it is kept when a browser was last seen: a write every so often, not one a page.
SEEN_WITHIN = timedelta(minutes=5)

#: What a browser says of itself -> what people call it; the first that fits, for most pretend to be others.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Limits:
    """How long a session lasts without being used, and at most."""

    idle: timedelta
    longest: timedelta


def in_words(user_agent: str) -> str:
    """'Firefox, Windows'; only what is known of it, '' where nothing is."""
    names = (next((name for sign, name in table if sign in user_agent), "") for table in (BROWSERS, SYSTEMS))
    return ", ".join(name for name in names if name)


def begin(account: Account, word: str, *, user_agent: str, at: datetime) -> BrowserSession:
    """A browser is signed in; ``word`` is the random word its cookie carries, kept as a hash."""
    made = BrowserSession(
        account_id=account.id, mark=_mark(word), browser=in_words(user_agent), began_at=at, seen_at=at
    )
    db.session.add(made)
    db.session.flush()
    return made


def found(word: str, limits: Limits, *, at: datetime) -> BrowserSession | None:
    """The session of that word, with its account; None where it has ended, or lasted too long."""
    chosen = select(BrowserSession).where(
        BrowserSession.mark == _mark(word),
        BrowserSession.seen_at > at - limits.idle - SEEN_WITHIN,
        BrowserSession.began_at > at - limits.longest,
    )
    return db.session.scalar(chosen)


def needs_to_be_seen(session: BrowserSession, *, at: datetime) -> bool:
    """Whether so much time has passed that it is written down."""
    return at - session.seen_at >= SEEN_WITHIN


def see(session_id: int, *, at: datetime) -> None:
    """It is in use."""
    db.session.execute(update(BrowserSession).where(BrowserSession.id == session_id).values(seen_at=at))


def listed(account: Account, limits: Limits, *, at: datetime) -> Sequence[BrowserSession]:
    """Where the account is signed in, last seen first."""
    chosen = select(BrowserSession).where(
        BrowserSession.account_id == account.id,
        BrowserSession.seen_at > at - limits.idle - SEEN_WITHIN,
        BrowserSession.began_at > at - limits.longest,
    )
    return db.session.scalars(chosen.order_by(BrowserSession.seen_at.desc(), BrowserSession.id)).all()


def end(account: Account, number: int) -> None:
    """Sign one of the account's browsers out; one that is no more, or a stranger's, changes nothing."""
    mine = BrowserSession.id == number, BrowserSession.account_id == account.id
    db.session.execute(delete(BrowserSession).where(*mine))


def leave(word: str) -> None:
    """The browser itself signs out."""
    db.session.execute(delete(BrowserSession).where(BrowserSession.mark == _mark(word)))


def end_all(account: Account) -> None:
    """Every browser is signed out, and what was begun with the old password or factor is void."""
    account.session_epoch += 1
    db.session.execute(delete(BrowserSession).where(BrowserSession.account_id == account.id))
    db.session.flush()


def forget_over(limits: Limits, *, at: datetime) -> int:
    """Delete the rows of sessions that are over by themselves; how many."""
    over = (BrowserSession.seen_at <= at - limits.idle - SEEN_WITHIN) | (
        BrowserSession.began_at <= at - limits.longest
    )
    return db.session.connection().execute(delete(BrowserSession).where(over)).rowcount


def _mark(word: str) -> str:
    return hashlib.sha256(f"session:{word}".encode()).hexdigest()
