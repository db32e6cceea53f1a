"""All engagements of the workspace."""

import json
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from sqlalchemy import func, select

from survey_service.engagements.models import Engagement
from survey_service.foundation.clock import now
from survey_service.foundation.db import db
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import moment
from survey_service.invitations.models import Invitation
from survey_service.reports import narrative, publish
from survey_service.waves import participation
from survey_service.waves.models import Release, Wave
from survey_service.web.audiences import scope
from survey_service.web.seller.door import door
from survey_service.workspaces.scope import Scope


@dataclass(frozen=True)
class Row:
    """One engagement in the list, in words."""

    key: str
    buyer: str
    change: str
    state: str
    detail: str


@door.get("/")
def overview() -> str:
    """What there is and how each stands."""
    return render_template("seller/overview.html", rows=_rows(scope(), now()))


def _rows(eyes: Scope, at: datetime) -> list[Row]:
    """Newest first; two queries, however many there are."""
    counted = select(Invitation.wave_id, func.count()).group_by(Invitation.wave_id)
    invited = dict(db.session.execute(counted).all())
    chosen = (
        select(Engagement, Wave, Release)
        .outerjoin(Wave, Wave.engagement_id == Engagement.id)
        .outerjoin(Release, Release.wave_id == Wave.id)
        .where(Engagement.workspace_id == eyes.workspace_id)
        .order_by(Engagement.id.desc(), Wave.number)
    )
    latest = {row[0].key: row for row in db.session.execute(chosen)}
    return [_row(one, wave, release, invited, at) for one, wave, release in latest.values()]


def _row(
    one: Engagement, wave: Wave | None, release: Release | None, invited: dict[int, int], at: datetime
) -> Row:
    state, detail = _state(one, wave, release, invited, at)
    return Row(key=one.key, buyer=one.buyer, change=one.change, state=state, detail=detail)


def _state(
    one: Engagement, wave: Wave | None, release: Release | None, invited: dict[int, int], at: datetime
) -> tuple[str, str]:
    if wave is None:
        return _("in preparation"), _("not launched yet")
    if wave.state == "lost":
        return _("in preparation"), _("given up; to be launched anew")
    if release is None:
        asked = invited.get(wave.id, 0)
        closes = _("closes %(moment)s", moment=moment(wave.closes_at, one.time_zone))
        return _("open"), f"{closes} · {participation.said(wave.participation, asked)}"
    if publish.is_open_to_seller(release, at):
        return _("report"), narrative.heading(json.loads(release.document))
    latest = moment(release.seller_from, one.time_zone)
    return _("closed"), _("the sponsor reads first; yours on %(moment)s at the latest", moment=latest)
