"""The report document: the released waves and appendices, and who may read it when. All doors read it."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select

from survey_service.engagements.models import Engagement
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.i18n import moment
from survey_service.waves import terms as wave_terms
from survey_service.waves.models import Appendix, Release, Wave

FORMAT = "common-ground/report/1"


class NotReleasedYet(Refusal):
    """The sponsor reads it first."""

    sentence = _l(
        "The sponsor reads the report first. You can read it when they release it, "
        "and on %(from_on)s at the latest."
    )


class NotClosedYet(Refusal):
    """There is no report before the closing time."""

    sentence = _l("There is no report yet: it is made once, when the survey closes.")


def for_sponsor(engagement: Engagement) -> dict[str, Any]:
    """The document with every released wave. Raises NotClosedYet."""
    return _document(engagement, _releases(engagement))


def for_seller(engagement: Engagement, *, at: datetime) -> dict[str, Any]:
    """The document with the waves the seller may read. Raises NotClosedYet, NotReleasedYet."""
    releases = _releases(engagement)
    open_to_seller = [release for release in releases if is_open_to_seller(release, at)]
    if releases and not open_to_seller:
        raise NotReleasedYet(from_on=moment(releases[-1].seller_from, engagement.time_zone))
    return _document(engagement, open_to_seller)


def is_open_to_seller(release: Release, at: datetime) -> bool:
    """Released by the sponsor, or seven days old, or without a sponsor from the start."""
    return release.seller_since is not None or release.seller_from <= at


def _releases(engagement: Engagement) -> list[Release]:
    chosen = select(Release).join(Wave).where(Wave.engagement_id == engagement.id).order_by(Wave.number)
    return list(db.session.scalars(chosen))


def _document(engagement: Engagement, releases: list[Release]) -> dict[str, Any]:
    """Headed by the words people were asked under last, whatever is being prepared since."""
    if not releases:
        raise NotClosedYet
    last = releases[-1].wave
    terms = wave_terms.read(last.terms, last.terms_sha256)
    return {
        "format": FORMAT,
        "engagement": {
            "key": engagement.key,
            "buyer": terms.buyer,
            "change": terms.change,
            "believed_step": terms.believed_step,
        },
        "waves": [_wave(release) for release in releases],
    }


def _wave(release: Release) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(release.document)
    appendix = db.session.scalar(select(Appendix).where(Appendix.wave_id == release.wave_id))
    if appendix is not None:
        document["appendix"] = json.loads(appendix.document)
    return document
