"""What letters to sponsors say."""

from datetime import timedelta

from survey_service.engagements.models import Engagement, Sponsor
from survey_service.foundation.db import db
from survey_service.foundation.i18n import day
from survey_service.foundation.installation import Installation
from survey_service.outbox.delivery import Withdrawn
from survey_service.outbox.models import Dispatch
from survey_service.scheduler.records import Context, Sources, about, found, need_address
from survey_service.waves import handover
from survey_service.waves import launch as launching
from survey_service.waves.terms import TEXT_RETENTION_DAYS
from survey_service.workspaces.models import Workspace


def _seat(dispatch: Dispatch) -> tuple[Sponsor, Engagement]:
    sponsor = found(Sponsor, dispatch, "sponsor_id")
    need_address(dispatch, sponsor.email)
    return sponsor, db.session.get_one(Engagement, sponsor.engagement_id)


def _page(sponsor: Sponsor, installation: Installation) -> str:
    token = installation.links.token("sponsor", bytes.fromhex(sponsor.link), sponsor.link_version)
    return f"{installation.settings.base_url}/s/{token}"


def _sponsor(dispatch: Dispatch, sources: Sources) -> Context:
    sponsor, engagement = _seat(dispatch)
    return {**about(engagement), "link": _page(sponsor, sources.installation)}


def _texts(dispatch: Dispatch, sources: Sources) -> Context:
    """Only while texts wait to be read."""
    sponsor, engagement = _seat(dispatch)
    wave = launching.wave_of(engagement)
    release = handover.release_of(wave) if wave else None
    if wave is None or release is None or not handover.has_texts_to_review(wave):
        raise Withdrawn
    gone = release.released_at + timedelta(days=TEXT_RETENTION_DAYS)
    return {
        **about(engagement),
        "link": f"{_page(sponsor, sources.installation)}/texts",
        "deleted_on": day(gone, engagement.time_zone),
    }


def _erased(dispatch: Dispatch, sources: Sources) -> Context:
    """Only while it is to be erased."""
    engagement = _seat(dispatch)[1]
    if engagement.erases_at is None:
        raise Withdrawn
    erased_on = day(engagement.erases_at, engagement.time_zone)
    return {**_sponsor(dispatch, sources), "erased_on": erased_on}


def _leaving(dispatch: Dispatch, sources: Sources) -> Context:
    """Only while the workspace is to be deleted."""
    engagement = _seat(dispatch)[1]
    deletes_at = db.session.get_one(Workspace, engagement.workspace_id).deletes_at
    if deletes_at is None:
        raise Withdrawn
    erased_on = day(deletes_at, engagement.time_zone)
    return {**_sponsor(dispatch, sources), "erased_on": erased_on}


def _stays(dispatch: Dispatch, sources: Sources) -> Context:
    """Only while the workspace stays."""
    engagement = _seat(dispatch)[1]
    if db.session.get_one(Workspace, engagement.workspace_id).deletes_at is not None:
        raise Withdrawn
    return _sponsor(dispatch, sources)


WRITERS = {
    "sponsor-approval": _sponsor,
    "sponsor-report": _sponsor,
    "sponsor-cancelled": _sponsor,
    "sponsor-texts": _texts,
    "sponsor-erasure": _erased,
    "sponsor-leaving": _leaving,
    "sponsor-stays": _stays,
}
