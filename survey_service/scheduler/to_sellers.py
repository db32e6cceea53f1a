"""What letters to sellers say, and the test letter."""

from datetime import datetime

from survey_service.engagements import roster
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement, Sponsor
from survey_service.foundation import zones
from survey_service.foundation.db import db
from survey_service.foundation.i18n import day, moment
from survey_service.foundation.installation import Installation
from survey_service.invitations import unreachable
from survey_service.outbox.delivery import NotNow, Withdrawn
from survey_service.outbox.models import Dispatch
from survey_service.scheduler.records import Context, Sources, about, found, need_address
from survey_service.scheduler.to_stakeholders import MINUTES
from survey_service.waves import chain, participation, telling
from survey_service.waves import launch as launching
from survey_service.waves.models import Wave
from survey_service.workspaces import scope as scopes
from survey_service.workspaces import settings
from survey_service.workspaces.models import Account, Workspace


def _engagement(dispatch: Dispatch) -> Engagement:
    """The engagement a letter to an account is about."""
    engagement = found(Engagement, dispatch, "engagement_id")
    need_address(dispatch, found(Account, dispatch, "account_id").email)
    if engagement.workspace_id != dispatch.workspace_id:
        raise Withdrawn
    return engagement


def _desk(engagement: Engagement, installation: Installation) -> str:
    return f"{installation.settings.base_url}/desk/engagements/{engagement.key}"


def _seller(dispatch: Dispatch, sources: Sources) -> Context:
    engagement = _engagement(dispatch)
    return {**about(engagement), "link": _desk(engagement, sources.installation)}


def _corrected(dispatch: Dispatch, sources: Sources) -> Context:
    """What the sponsor noted; if it is settled meanwhile, nobody needs to read it."""
    engagement = _engagement(dispatch)
    sponsor = sponsors.of(engagement)
    if sponsor is None or sponsor.note is None:
        raise Withdrawn
    return {**_seller(dispatch, sources), "sponsor": sponsor.name, "note": sponsor.note}


def _erased(dispatch: Dispatch, sources: Sources) -> Context:
    """Only while it is to be erased."""
    engagement = _engagement(dispatch)
    if engagement.erases_at is None:
        raise Withdrawn
    erased_on = day(engagement.erases_at, engagement.time_zone)
    return {**_seller(dispatch, sources), "erased_on": erased_on}


def _open_wave(engagement: Engagement, at: datetime) -> Wave:
    wave = launching.wave_of(engagement)
    if wave is None or wave.state != "open" or at >= wave.closes_at:
        raise Withdrawn
    return wave


def _low(dispatch: Dispatch, sources: Sources) -> Context:
    """Decided by the step that everyone may see, never by the true number."""
    engagement = _engagement(dispatch)
    wave = _open_wave(engagement, sources.at)
    due_at = telling.low_due(wave)
    if sources.at < due_at:  # the closing date was moved
        raise NotNow(due_at)
    invited = chain.current(wave).stakeholders
    if not participation.is_low(wave.participation, invited):
        raise Withdrawn
    return {
        **about(engagement),
        "closes": moment(wave.closes_at, engagement.time_zone),
        "participation": participation.said(wave.participation, invited),
        "invited": invited,
        "link": _desk(engagement, sources.installation),
    }


def _unreachable(dispatch: Dispatch, sources: Sources) -> Context:
    """Invitations given up since the last such letter; none: no letter."""
    engagement = _engagement(dispatch)
    wave = _open_wave(engagement, sources.at)
    since = dispatch.facts.get("since")
    count = unreachable.count(wave.id, since=datetime.fromisoformat(since) if since else None)
    if count == 0:
        raise Withdrawn
    link = f"{_desk(engagement, sources.installation)}/unreachable"
    return {**about(engagement), "unreachable": count, "link": link}


def _test(dispatch: Dispatch, sources: Sources) -> Context:
    """The invitation as it would be if it were launched now; its links lead to the preview."""
    engagement = _engagement(dispatch)
    if not roster.sizes(engagement):
        raise Withdrawn
    scope = scopes.of_operator(db.session.get_one(Workspace, engagement.workspace_id))
    terms = launching.would_freeze(scope, engagement, sources.installation.settings.operator, at=sources.at)
    preview = f"{_desk(engagement, sources.installation)}/preview"
    return {
        "workspace": terms.workspace,
        "sender": settings.sender(engagement.workspace_id) or terms.workspace,
        "buyer": terms.buyer,
        "change": terms.change,
        "sponsor": terms.sponsor,
        "operator": terms.operator,
        "closes": moment(terms.closes_at, zones.known(terms.time_zone)),
        "fingerprint": terms.fingerprint,
        "invited": terms.stakeholders,
        "k": terms.k,
        "minutes": MINUTES,
        "link": preview,
        "stop_link": preview,
    }


def _wrong_person(dispatch: Dispatch, sources: Sources) -> Context:
    """To the sponsor where there is one, else to the sellers; ``facts``: address, suggestion."""
    engagement = found(Engagement, dispatch, "engagement_id")
    if (number := dispatch.facts.get("sponsor_id")) is not None:
        sponsor = db.session.get(Sponsor, number)
        if sponsor is None:
            raise Withdrawn
        need_address(dispatch, sponsor.email)
        token = sources.installation.links.token("sponsor", bytes.fromhex(sponsor.link), sponsor.link_version)
        link = f"{sources.installation.settings.base_url}/s/{token}"
    else:
        link = _desk(_engagement(dispatch), sources.installation)
    facts = {name: dispatch.facts[name] for name in ("address", "suggestion")}
    return {**about(engagement), **facts, "link": link}


WRITERS = {
    "seller-correction": _corrected,
    "seller-launched": _seller,
    "seller-report": _seller,
    "seller-erasure": _erased,
    "seller-low": _low,
    "seller-unreachable": _unreachable,
    "test-letter": _test,
    "wrong-person": _wrong_person,
}
