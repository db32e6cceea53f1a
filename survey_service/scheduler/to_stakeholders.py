"""What letters to stakeholders say: from the terms, as frozen."""

from datetime import datetime

from survey_service.foundation import zones
from survey_service.foundation.db import db
from survey_service.foundation.i18n import language, moment, weekday
from survey_service.foundation.installation import Installation
from survey_service.invitations import links as personal
from survey_service.invitations import reminders, schedule
from survey_service.invitations.models import Invitation
from survey_service.outbox.delivery import NotNow, Withdrawn
from survey_service.outbox.models import Dispatch
from survey_service.reports import shares
from survey_service.reports.models import Share
from survey_service.scheduler.records import Context, Sources, found, need_address
from survey_service.waves import chain
from survey_service.waves.models import Wave
from survey_service.waves.terms import Terms
from survey_service.workspaces import settings

MINUTES = 5


def _invited(dispatch: Dispatch, sources: Sources) -> tuple[Invitation, Wave]:
    """Whose letter it is, and the wave it is about. Raises Withdrawn."""
    invitation = sources.held(Invitation, dispatch.facts["invitation_id"])
    if invitation is None:
        raise Withdrawn
    need_address(dispatch, invitation.stakeholder.email)
    wave = sources.held(Wave, invitation.wave_id)
    return invitation, wave or db.session.get_one(Wave, invitation.wave_id)


def zone_of(invitation: Invitation, terms: Terms) -> str:
    """The zone of whoever is asked: their own, else the engagement's."""
    return zones.known(invitation.stakeholder.time_zone, terms.time_zone)


def words(invitation: Invitation, wave: Wave, sources: Sources) -> Context:
    """What they were asked about, and by whom; a dict of the caller's own."""
    terms = sources.once(("terms", wave.id), lambda: chain.current(wave))
    zone = zone_of(invitation, terms)
    return dict(sources.once(("words", wave.id, zone, language()), lambda: _words(wave, terms, zone)))


def _words(wave: Wave, terms: Terms, zone: str) -> Context:
    return {
        "workspace": terms.workspace,
        "sender": settings.sender(wave.engagement.workspace_id) or terms.workspace,
        "buyer": terms.buyer,
        "change": terms.change,
        "sponsor": terms.sponsor,
        "operator": terms.operator,
        "closes": moment(wave.closes_at, zone),
        "fingerprint": terms.fingerprint,
        "invited": terms.stakeholders,
        "k": terms.k,
        "minutes": MINUTES,
    }


def opening(invitation: Invitation, installation: Installation) -> Context:
    """The personal link, made now, and where letters are stopped."""
    link = f"{installation.settings.base_url}/a/{personal.token(installation.links, invitation)}"
    return {"link": link, "stop_link": f"{link}/stop"}


def _need_open(wave: Wave, at: datetime) -> None:
    if wave.state != "open" or at >= wave.closes_at:
        raise Withdrawn


def _invitation(dispatch: Dispatch, sources: Sources) -> Context:
    """Whether the link was used or not: after a correction, a letter that stays away would tell."""
    invitation, wave = _invited(dispatch, sources)
    _need_open(wave, sources.at)
    workspace_id = wave.engagement.workspace_id
    reply_to = sources.once(("reply to", workspace_id), lambda: settings.reply_to(workspace_id))
    return {
        **words(invitation, wave, sources),
        **opening(invitation, sources.installation),
        "reply_to": reply_to,
    }


def _reminder(dispatch: Dispatch, sources: Sources) -> Context:
    """Only while it is morning there; one that was held up waits for the next, if another does not come."""
    invitation, wave = _invited(dispatch, sources)
    _need_open(wave, sources.at)
    if invitation.spent or invitation.wants_no_reminders:
        raise Withdrawn
    zone = zones.known(invitation.stakeholder.time_zone, wave.engagement.time_zone)
    if not schedule.is_morning(sources.at, zone):
        later = reminders.next_chance(invitation, sources.at, wave.closes_at, zone, then=invitation.remind_at)
        raise NotNow(later) if later else Withdrawn
    return {
        **words(invitation, wave, sources),
        **opening(invitation, sources.installation),
        "days_left": schedule.days_left(sources.at, wave.closes_at, zone),
        "closing_day": weekday(wave.closes_at, zone),
    }


def _link_again(dispatch: Dispatch, sources: Sources) -> Context:
    """Whether the link was used or not, so that the letter says nothing of it."""
    invitation, wave = _invited(dispatch, sources)
    _need_open(wave, sources.at)
    return {**words(invitation, wave, sources), **opening(invitation, sources.installation)}


def _cancelled(dispatch: Dispatch, sources: Sources) -> Context:
    """Called off: nothing to open any more."""
    invitation, wave = _invited(dispatch, sources)
    return words(invitation, wave, sources)


def _report(dispatch: Dispatch, sources: Sources) -> Context:
    """From the sponsor, by a share link of the sponsor's; one taken back since is not sent."""
    invitation, wave = _invited(dispatch, sources)
    share = found(Share, dispatch, "share_id")
    if share.revoked_at is not None or share.expires_at <= sources.at:
        raise Withdrawn
    here = sources.installation
    said = words(invitation, wave, sources)
    return {
        **said,
        "sender": said["sponsor"],
        "link": f"{here.settings.base_url}/r/{shares.token(here.links, share)}",
        "open_until": moment(
            share.expires_at, zones.known(invitation.stakeholder.time_zone, wave.engagement.time_zone)
        ),
    }


WRITERS = {
    "invitation": _invitation,
    "reminder": _reminder,
    "last-day": _reminder,
    "link-again": _link_again,
    "wave-cancelled": _cancelled,
    "report-for-all": _report,
}
