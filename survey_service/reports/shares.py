"""Share links: who made them, until when, how often opened; nothing about who opened them."""

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
SHORTEST_PASSPHRASE = 8


class PassphraseTooShort(Refusal):
    """Fewer characters than SHORTEST_PASSPHRASE."""

    sentence = _l("Use at least %(fewest)s characters; two or three words do well.")


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
    at: datetime,
) -> Share:
    """A new link to the engagement's report, behind a passphrase if one is given.

    Raises PassphraseTooShort, and ValueError for days that are not offered.
    """
    if days not in DAYS:
        raise ValueError(f"a link lasts one of {DAYS} days")
    if passphrase and not SHORTEST_PASSPHRASE <= len(passphrase) <= passwords.LONGEST:
        raise PassphraseTooShort(fewest=SHORTEST_PASSPHRASE)
    made = Share(
        engagement_id=engagement.id,
        link=fresh_identity(),
        label=label[:LONGEST_LABEL],
        shared_by=who,
        from_sponsor=from_sponsor,
        created_at=at,
        expires_at=at + timedelta(days=days),
        passphrase_hash=passwords.hashed(passphrase) if passphrase else None,
    )
    db.session.add(made)
    db.session.flush()
    _note("report shared", made, who, at)
    return made


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
