"""What letters about a running wave's turns say: amended terms, and people to add."""

from sqlalchemy import select

from survey_service.engagements.models import Sponsor
from survey_service.foundation.db import db
from survey_service.foundation.i18n import listed, moment
from survey_service.foundation.installation import Installation
from survey_service.foundation.key_directory import KeyMissing
from survey_service.invitations import links as personal
from survey_service.invitations.models import Invitation
from survey_service.outbox.delivery import Withdrawn
from survey_service.outbox.models import Dispatch
from survey_service.scheduler.records import Context, Sources, Writer, found, need_address
from survey_service.waves import amend, chain
from survey_service.waves.models import Wave
from survey_service.waves.terms import Terms, sha256_of, short


def amended(dispatch: Dispatch, sources: Sources) -> Context:
    """What changed, by which amendment; a wave that is over needs no such letter."""
    wave = found(Wave, dispatch, "wave_id")
    if wave.state != "open":
        raise Withdrawn
    terms, number = chain.current(wave), dispatch.facts["amendment"]
    change = chain.changes(terms)[number - 1]
    return {
        **_about(terms),
        "kind": change.kind,
        "closes": moment(change.closes_at or terms.closes_at, terms.time_zone),
        "added": listed([f"{group}: {people}" for group, people in change.added]),
        "invited": terms.stakeholders,
        "sponsor": change.sponsor or terms.sponsor,
        "fingerprint": short(sha256_of(terms.links[number])),
        "fingerprint_before": short(change.previous),
        "link": _link(dispatch, sources.installation),
    }


def lost(dispatch: Dispatch, sources: Sources) -> Context:
    """To everyone asked, the sponsor and the sellers; ``is_asked``: the reader is one of the first."""
    wave = found(Wave, dispatch, "wave_id")
    return {
        **_about(chain.current(wave)),
        "is_asked": "invitation_id" in dispatch.facts,
        "link": _link_if_any(dispatch, sources.installation),
    }


def to_agree(dispatch: Dispatch, sources: Sources) -> Context:
    """The people the sponsor is asked about; decided already: no letter."""
    sponsor = _seat(dispatch)
    wave = db.session.scalar(
        select(Wave).where(Wave.engagement_id == sponsor.engagement_id, Wave.state == "open")
    )
    if wave is None:
        raise Withdrawn
    proposal = amend.proposal_of(wave)
    if proposal is None:
        raise Withdrawn
    return {
        **_about(chain.current(wave)),
        "count": len(proposal.people),
        "proposed_by": proposal.proposed_by,
        "link": _link(dispatch, sources.installation),
    }


def named(dispatch: Dispatch, sources: Sources) -> Context:
    """To whoever became the sponsor while answers come in."""
    sponsor = _seat(dispatch)
    wave = db.session.scalar(
        select(Wave).where(Wave.engagement_id == sponsor.engagement_id, Wave.state == "open")
    )
    if wave is None:
        raise Withdrawn
    terms = chain.current(wave)
    closes = moment(terms.closes_at, terms.time_zone)
    return {**_about(terms), "closes": closes, "link": _link(dispatch, sources.installation)}


def _about(terms: Terms) -> Context:
    return {"workspace": terms.workspace, "buyer": terms.buyer, "change": terms.change}


def _seat(dispatch: Dispatch) -> Sponsor:
    sponsor = found(Sponsor, dispatch, "sponsor_id")
    need_address(dispatch, sponsor.email)
    return sponsor


def _link(dispatch: Dispatch, installation: Installation) -> str:
    """The recipient's own page, or the front page for somebody who has none any more."""
    base = installation.settings.base_url
    if "invitation_id" in dispatch.facts:
        invitation = found(Invitation, dispatch, "invitation_id")
        need_address(dispatch, invitation.stakeholder.email)
        return f"{base}/a/{personal.token(installation.links, invitation)}"
    if "sponsor_id" in dispatch.facts:
        sponsor = _seat(dispatch)
        identity = bytes.fromhex(sponsor.link)
        return f"{base}/s/{installation.links.token('sponsor', identity, sponsor.link_version)}"
    if "account_id" in dispatch.facts:
        return f"{base}/desk"
    return f"{base}/"


def _link_if_any(dispatch: Dispatch, installation: Installation) -> str:
    """Without its keys the server can make no link, and this letter has to leave all the same."""
    try:
        return _link(dispatch, installation)
    except KeyMissing:
        return f"{installation.settings.base_url}/"


WRITERS: dict[str, Writer] = {
    "terms-amended": amended,
    "wave-lost": lost,
    "sponsor-people": to_agree,
    "sponsor-named": named,
}
