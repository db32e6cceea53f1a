"""All engagements of the workspace: what needs attention first, found by state or by words."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from flask import render_template, request
from sqlalchemy import func, select

from survey_service.engagements.models import Engagement
from survey_service.foundation.clock import now
from survey_service.foundation.db import db
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.i18n import moment
from survey_service.invitations.models import Invitation
from survey_service.reports import narrative, publish
from survey_service.waves import participation
from survey_service.waves.models import Release, Wave
from survey_service.web.audiences import scope
from survey_service.web.seller.door import door
from survey_service.workspaces.scope import Scope

A_PAGE: Final = 50  #: engagements
NEW_FOR: Final = timedelta(days=7)
#: State -> how it reads. What asks most for attention comes first.
STATES: Final[Mapping[str, Any]] = {
    "new": _l("new report"),
    "prepared": _l("in preparation"),
    "open": _l("open"),
    "closed": _l("closed"),
    "report": _l("report"),
    "archived": _l("archived"),
}
#: What may be asked for in the address -> the states it shows.
FILTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "prepared": ("prepared",),
    "open": ("open",),
    "closed": ("closed",),
    "report": ("new", "report"),
    "archived": ("archived",),
}


@dataclass(frozen=True)
class Standing:
    """One engagement with its latest wave and that wave's release, if any."""

    engagement: Engagement
    wave: Wave | None
    release: Release | None
    state: str


@dataclass(frozen=True)
class Row:
    """One engagement in the list, in words."""

    key: str
    buyer: str
    change: str
    state: str
    detail: str


@door.get("", strict_slashes=False)
def overview() -> str:
    """What there is and how each stands; four queries, however many there are."""
    at = now()
    everything = _standings(scope(), at)
    shown = [one for one in everything if _is_wanted(one)]
    start = A_PAGE * (max(request.args.get("page", 1, type=int), 1) - 1)
    return render_template(
        "seller/overview.html",
        rows=_rows(shown[start : start + A_PAGE], at),
        total=len(everything),
        found=len(shown),
        archived=sum(one.state == "archived" for one in everything),
        states={name: STATES[name] for name in FILTERS},
        chosen=request.args.get("state", ""),
        text=request.args.get("find", ""),
        pages=range(1, -(-len(shown) // A_PAGE) + 1),
        page=start // A_PAGE + 1,
    )


def _is_wanted(one: Standing) -> bool:
    states = FILTERS.get(request.args.get("state", ""))
    text = request.args.get("find", "").casefold().strip()
    words = f"{one.engagement.buyer} {one.engagement.change}".casefold()
    if states is None and not text:
        return one.state != "archived"
    return (states is None or one.state in states) and text in words


def _standings(eyes: Scope, at: datetime) -> list[Standing]:
    """What asks most for attention first; within a state what closes soonest, else the newest."""
    chosen = (
        select(Engagement, Wave, Release)
        .outerjoin(Wave, Wave.engagement_id == Engagement.id)
        .outerjoin(Release, Release.wave_id == Wave.id)
        .where(Engagement.workspace_id == eyes.workspace_id)
        .order_by(Engagement.id.desc(), Wave.number)
    )
    latest = {row[0].key: row for row in db.session.execute(chosen)}
    found = [
        Standing(one, wave, kept, "archived" if one.archived_at else _state(wave, kept, at))
        for one, wave, kept in latest.values()
    ]
    order = list(STATES)
    return sorted(found, key=lambda one: (order.index(one.state), _closing(one)))


def _closing(one: Standing) -> float:
    """Open surveys by their closing time; the sort is stable, so that others stay newest first."""
    return one.wave.closes_at.timestamp() if one.wave and one.state == "open" else 0


def _state(wave: Wave | None, release: Release | None, at: datetime) -> str:
    if wave is None or wave.state == "lost":
        return "prepared"
    if release is None:
        return "open" if at < wave.closes_at else "closed"
    if not publish.is_open_to_seller(release, at):
        return "closed"
    return "new" if at - (release.seller_since or release.seller_from) < NEW_FOR else "report"


def _rows(shown: Sequence[Standing], at: datetime) -> list[Row]:
    invited = _invited(one.wave.id for one in shown if one.wave)
    return [
        Row(
            key=one.engagement.key,
            buyer=one.engagement.buyer,
            change=one.engagement.change,
            state=str(STATES[one.state]),
            detail=_detail(one, invited),
        )
        for one in shown
    ]


def _invited(waves: Iterable[int]) -> Mapping[int, int]:
    counted = (
        select(Invitation.wave_id, func.count())
        .where(Invitation.wave_id.in_(list(waves)))
        .group_by(Invitation.wave_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


def _detail(one: Standing, invited: Mapping[int, int]) -> str:
    engagement, wave, release = one.engagement, one.wave, one.release
    if wave is None:
        return _("not launched yet")
    if wave.state == "lost":
        return _("given up; to be launched anew")
    if release is None:
        closes = _("closes %(moment)s", moment=moment(wave.closes_at, engagement.time_zone))
        if one.state == "closed":
            return _("the report is being made")
        return f"{closes} · {participation.said(wave.participation, invited.get(wave.id, 0))}"
    if one.state == "closed":
        latest = moment(release.seller_from, engagement.time_zone)
        return _("the sponsor reads first; yours on %(moment)s at the latest", moment=latest)
    return _verdict(json.loads(release.document))


def _verdict(document: Mapping[str, Any]) -> str:
    """The verdict, and the step reached where there is one."""
    place = document.get("place")
    heading = narrative.heading(document)
    return f"{heading} · {narrative.place_words(place)}" if place else heading
