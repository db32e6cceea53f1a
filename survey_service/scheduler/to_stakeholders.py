"""What letters to stakeholders say: from the terms, as frozen."""

from datetime import datetime

from survey_service.foundation import zones
from survey_service.foundation.db import db
from survey_service.foundation.i18n import moment, weekday
from survey_service.foundation.installation import Installation
from survey_service.invitations import links as personal
from survey_service.invitations import reminders, schedule
from survey_service.invitations.models import Invitation
from survey_service.outbox.delivery import NotNow, Withdrawn
from survey_service.outbox.models import Dispatch
from survey_service.reports import shares
from survey_service.reports.models import Share
from survey_service.scheduler.records import Context, found, need_address
from survey_service.waves import chain
from survey_service.waves.models import Wave
from survey_service.waves.terms import Terms
from survey_service.workspaces import members

MINUTES = 5


def _invited(dispatch: Dispatch) -> tuple[Invitation, Wave]:
    """Whose letter it is, and the wave it is about."""
    invitation = found(Invitation, dispatch, "invitation_id")
    need_address(dispatch, invitation.stakeholder.email)
    return invitation, db.session.get_one(Wave, invitation.wave_id)


def zone_of(invitation: Invitation, terms: Terms) -> str:
    """The zone of whoever is asked: their own, else the engagement's."""
    return zones.known(invitation.stakeholder.time_zone, terms.time_zone)


def words(invitation: Invitation, wave: Wave) -> Context:
    """What they were asked about, and by whom."""
    terms = chain.current(wave)
    return {
        "workspace": terms.workspace,
        "sender": terms.workspace,
        "buyer": terms.buyer,
        "change": terms.change,
        "sponsor": terms.sponsor,
        "operator": terms.operator,
        "closes": moment(wave.closes_at, zone_of(invitation, terms)),
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


def _invitation(dispatch: Dispatch, installation: Installation, at: datetime) -> Context:
    """Whether the link was used or not: after a correction, a letter that stays away would tell."""
    invitation, wave = _invited(dispatch)
    _need_open(wave, at)
    owners = members.owners(wave.engagement.workspace_id)
    reply_to = owners[0].email if owners else None
    return {**words(invitation, wave), **opening(invitation, installation), "reply_to": reply_to}


def _reminder(dispatch: Dispatch, installation: Installation, at: datetime) -> Context:
    """Only while it is morning there; one that was held up waits for the next, if another does not come."""
    invitation, wave = _invited(dispatch)
    _need_open(wave, at)
    if invitation.spent or invitation.wants_no_reminders:
        raise Withdrawn
    zone = zones.known(invitation.stakeholder.time_zone, wave.engagement.time_zone)
    if not schedule.is_morning(at, zone):
        later = reminders.next_chance(invitation, at, wave.closes_at, zone, then=invitation.remind_at)
        raise NotNow(later) if later else Withdrawn
    return {
        **words(invitation, wave),
        **opening(invitation, installation),
        "days_left": schedule.days_left(at, wave.closes_at, zone),
        "closing_day": weekday(wave.closes_at, zone),
    }


def _link_again(dispatch: Dispatch, installation: Installation, at: datetime) -> Context:
    """Whether the link was used or not, so that the letter says nothing of it."""
    invitation, wave = _invited(dispatch)
    _need_open(wave, at)
    return {**words(invitation, wave), **opening(invitation, installation)}


def _cancelled(dispatch: Dispatch, installation: Installation, at: datetime) -> Context:
    """Called off: nothing to open any more."""
    invitation, wave = _invited(dispatch)
    return words(invitation, wave)


def _report(dispatch: Dispatch, installation: Installation, at: datetime) -> Context:
    """From the sponsor, by a share link of the sponsor's; one taken back since is not sent."""
    invitation, wave = _invited(dispatch)
    share = found(Share, dispatch, "share_id")
    if share.revoked_at is not None or share.expires_at <= at:
        raise Withdrawn
    said = words(invitation, wave)
    return {
        **said,
        "sender": said["sponsor"],
        "link": f"{installation.settings.base_url}/r/{shares.token(installation.links, share)}",
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
