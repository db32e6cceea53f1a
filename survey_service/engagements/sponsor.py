"""The sponsor: named by the seller, approves exactly what will be launched."""

import hashlib
import json
from datetime import UTC, datetime

from sqlalchemy import select

from survey_service.collection import shelf
from survey_service.engagements import addresses, roster
from survey_service.engagements.models import Engagement, Sponsor
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.tokens import fresh_identity
from survey_service.outbox import letters
from survey_service.workspaces import members


class FromTheSeller(Refusal):
    """Rule 12: the sponsor leads the buying organisation."""

    sentence = _l("%(email)s belongs to your own company. The sponsor leads the buying organisation.")


class SponsorStays(Refusal):
    """A report and its free texts are the sponsor's to read: nobody else gets their seat unannounced."""

    sentence = _l(
        "After a survey its sponsor stays. "
        "You can name another once the next survey is open; everyone asked is then told. "
        "If they have left, open a new engagement instead."
    )


def of(engagement: Engagement) -> Sponsor | None:
    """The engagement's sponsor, if one is named."""
    return db.session.scalar(select(Sponsor).where(Sponsor.engagement_id == engagement.id))


def by_link(link: str) -> Sponsor | None:
    """The sponsor whose personal link has that id (hex); the caller checks its seal."""
    return db.session.scalar(select(Sponsor).where(Sponsor.link == link))


def settle(engagement: Engagement, *, name: str, email: str, stays: bool = False) -> None:
    """Name, rename or take back the sponsor: an empty address means none.

    ``stays``: they may only be renamed. Raises SponsorStays, AddressRefused, FromTheSeller.
    """
    if stays:
        _need_same(engagement, email)
    if email:
        name_sponsor(engagement, name=name, email=email)
    elif (sponsor := of(engagement)) is not None:
        db.session.delete(sponsor)
        db.session.flush()


def _need_same(engagement: Engagement, email: str) -> None:
    sponsor = of(engagement)
    if sponsor is not None and (not email or addresses.read_address(email).email != sponsor.email):
        raise SponsorStays


def name_sponsor(engagement: Engagement, *, name: str, email: str) -> Sponsor:
    """The engagement's sponsor from now on; another address makes the old link void.

    Raises AddressRefused, FromTheSeller.
    """
    address = addresses.read_address(email)
    if addresses.is_within(address.domain, members.domains(engagement.workspace_id)):
        raise FromTheSeller(email=address.email)
    shown = " ".join(name.split()) or address.display_name or address.email.split("@")[0]
    sponsor = of(engagement)
    if sponsor is not None and sponsor.email == address.email:
        sponsor.name = shown
        return sponsor
    if sponsor is not None:
        db.session.delete(sponsor)
        db.session.flush()
    made = Sponsor(engagement_id=engagement.id, name=shown, email=address.email, link=fresh_identity())
    db.session.add(made)
    db.session.flush()
    return made


def digest(engagement: Engagement) -> str:
    """SHA-256 of all that is launched: words, instrument, sponsor, belief, times, reminders, people."""
    sponsor = of(engagement)
    content = {
        "buyer": engagement.buyer,
        "change": engagement.change,
        "instrument": _asked(engagement),
        "language": engagement.language,
        "time_zone": engagement.time_zone,
        "believed_step": engagement.believed_step,
        "sponsor": sponsor.name if sponsor else None,
        "reminders": engagement.reminders,
        "closes_at": engagement.closes_at.astimezone(UTC).isoformat() if engagement.closes_at else None,
        "groups": list(roster.sizes(engagement).items()),
        "people": sorted(
            (one.email or "", one.name, one.group.name, one.language, one.time_zone or "")
            for one in roster.people(engagement)
        ),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _asked(engagement: Engagement) -> str:
    """Packaged: the key; the workspace's own, which may still change: every word of it."""
    sha256 = shelf.fingerprint(engagement.instrument)
    return f"{engagement.instrument} {sha256}" if sha256 else engagement.instrument


def ask_approval(sponsor: Sponsor, *, workspace_id: int, language: str, at: datetime) -> None:
    """Write to the sponsor; what they noted before is taken as settled."""
    sponsor.asked_at, sponsor.note, sponsor.noted_at = at, None, None
    letters.write(
        "sponsor-approval",
        to_address=sponsor.email,
        to_name=sponsor.name,
        language=language,
        facts={"sponsor_id": sponsor.id},
        due_at=at,
        workspace_id=workspace_id,
    )


def approve(sponsor: Sponsor, approved: str, *, at: datetime) -> None:
    """The sponsor's yes to what has that digest."""
    sponsor.approved_at = at
    sponsor.approved_digest = approved
    sponsor.note = sponsor.noted_at = None
    db.session.flush()


def correct(sponsor: Sponsor, note: str, *, at: datetime) -> None:
    """The sponsor says what should be different; an approval given before is taken back."""
    sponsor.note, sponsor.noted_at = note, at
    sponsor.approved_at = sponsor.approved_digest = None
    db.session.flush()


def is_approved(engagement: Engagement) -> bool:
    """Whether the sponsor has said yes to exactly what would be launched now."""
    sponsor = of(engagement)
    return sponsor is not None and sponsor.approved_digest == digest(engagement)
