"""Share links: who made them, until when, how often opened; nothing about who opened them."""

import re
from datetime import datetime, timedelta

from sqlalchemy import select, update

from survey_service import journal
from survey_service.engagements.models import Engagement
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotFound, Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.key_directory import Links
from survey_service.foundation.tokens import fresh_identity
from survey_service.reports.models import Share
from survey_service.workspaces import passwords

PURPOSE = "share"
DAYS = (7, 30, 90, 365)
LONGEST_LABEL = 80
ORIGIN = re.compile(r"https://(?P<host>[^\s/:@?#*;,']{4,253})(?::(?P<port>[0-9]{1,5}))?/?", re.IGNORECASE)
#: Names with at least one dot, of parts of at most 63 characters (RFC 1123); the last is no number.
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z])[a-z0-9-]{0,62}[a-z0-9]")
SHORTEST_PASSPHRASE = 8


class PassphraseTooShort(Refusal):
    """Fewer characters than SHORTEST_PASSPHRASE."""

    sentence = _l("Use at least %(fewest)s characters; two or three words do well.")


class NoOrigin(Refusal):
    """Not one https origin."""

    sentence = _l(
        "Write one address that begins with https:// and ends with the site’s name, for example "
        "https://intranet.company.com; no page, no star, no second address."
    )


class FrameAndPassphrase(Refusal):
    """A passphrase is typed on our own page only: in a frame nobody sees whose page it is."""

    sentence = _l("A link with a passphrase cannot be shown inside another page. Leave one of the two out.")


class ShareExpired(Refusal):
    """Past its day, or taken back."""

    sentence = _l("This link is no longer valid. Ask whoever sent it to you for a new one.")


def share(
    engagement: Engagement,
    *,
    label: str,
    days: int,
    who: str,
    from_sponsor: bool = False,
    passphrase: str = "",
    frame: str = "",
    at: datetime,
) -> Share:
    """A new link to the engagement's report, behind a passphrase if one is given.

    ``frame``: the one site that may show the page inside its own, '' for none. Raises PassphraseTooShort,
    NoOrigin, FrameAndPassphrase, and ValueError for days that are not offered.
    """
    if days not in DAYS:
        raise ValueError(f"a link lasts one of {DAYS} days")
    if passphrase and not SHORTEST_PASSPHRASE <= len(passphrase) <= passwords.LONGEST:
        raise PassphraseTooShort(fewest=SHORTEST_PASSPHRASE)
    if frame and passphrase:
        raise FrameAndPassphrase
    made = Share(
        engagement_id=engagement.id,
        link=fresh_identity(),
        label=label[:LONGEST_LABEL],
        shared_by=who,
        from_sponsor=from_sponsor,
        created_at=at,
        expires_at=at + timedelta(days=days),
        passphrase_hash=passwords.hashed(passphrase) if passphrase else None,
        frame_origin=origin(frame) if frame else None,
    )
    db.session.add(made)
    db.session.flush()
    _note("report shared", made, who, at)
    return made


def origin(typed: str) -> str:
    """'https://Intranet.Company.com/' as 'https://intranet.company.com'. Raises NoOrigin.

    It stands in a header that browsers obey, so it is spelled by letters, digits, hyphens and dots alone.
    """
    found = ORIGIN.fullmatch(typed.strip())
    if not found:
        raise NoOrigin
    try:
        host = found["host"].encode("idna").decode().lower()
    except UnicodeError:
        raise NoOrigin from None
    port = int(found["port"] or 443)
    if not HOST.fullmatch(host) or not 0 < port < 65536:
        raise NoOrigin
    return f"https://{host}" if port == 443 else f"https://{host}:{port}"


def opens(found: Share, passphrase: str) -> bool:
    """Whether these are the words that open the share; every share opens that asks for none."""
    return found.passphrase_hash is None or passwords.fits(
        passphrase[: passwords.LONGEST], found.passphrase_hash
    )


def token(links: Links, made: Share) -> str:
    """The 24 characters that open it."""
    return links.token(PURPOSE, bytes.fromhex(made.link), 1)


def of_engagement(engagement: Engagement) -> list[Share]:
    """The engagement's links, newest first."""
    chosen = select(Share).where(Share.engagement_id == engagement.id).order_by(Share.id.desc())
    return list(db.session.scalars(chosen))


def revoke(engagement: Engagement, link: str, *, from_sponsor: bool, who: str, at: datetime) -> None:
    """Take one's own link back. Raises NotFound for one of another engagement, or of the other side."""
    own = (Share.engagement_id == engagement.id, Share.link == link, Share.from_sponsor == from_sponsor)
    found = db.session.scalar(select(Share).where(*own))
    if found is None:
        raise NotFound
    if found.revoked_at is None:
        found.revoked_at = at
        _note("share revoked", found, who, at)


def find(links: Links, text: str, *, at: datetime) -> Share:
    """The share a token opens. Raises NotFound, ShareExpired."""
    identity = links.identity(text)
    found = identity and db.session.scalar(select(Share).where(Share.link == identity.hex()))
    if not found or not links.is_genuine(text, PURPOSE, 1):
        raise NotFound
    if found.revoked_at is not None or found.expires_at <= at:
        raise ShareExpired
    return found


def count_view(found: Share) -> None:
    """One more view."""
    db.session.execute(update(Share).where(Share.id == found.id).values(views=Share.views + 1))


def _note(event: str, made: Share, who: str, at: datetime) -> None:
    engagement = db.session.get_one(Engagement, made.engagement_id)
    journal.note(
        event,
        who=who,
        at=at,
        workspace_id=engagement.workspace_id,
        engagement_id=engagement.id,
        facts={"label": made.label},
    )
