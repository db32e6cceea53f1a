"""What moved since the wave before: from the two released documents, for the organisation only (rule 15)."""

import json
from typing import Any

from sqlalchemy import func, select

from survey_service.aggregator import readiness
from survey_service.foundation.db import db
from survey_service.invitations.models import Invitation
from survey_service.waves import chain
from survey_service.waves.models import Release, Wave

Document = dict[str, Any]
#: One person in another's place.
SWAPPED = 2


def since_the_wave_before(wave: Wave, published: Document) -> Document:
    """{"movement": ...} where two waves may be compared; else nothing.

    ``published``: this wave's entry of the report. It is not shown where the roster changed by 1 to k - 1
    people: theirs would be the difference.
    """
    before = _before(wave)
    if before is None:
        return {}
    changed = roster_change(before.wave, wave)
    found = readiness.movement(json.loads(before.document), published, roster_changed_by=changed)
    return {"movement": found} if found else {}


def roster_change(earlier: Wave, later: Wave) -> int:
    """At least how many people are in one of two waves only; 0: nobody can be.

    Whoever was taken off the roster is known by number only, so those who joined may be the same people
    come back: where the two numbers are equal, all but one may be, and one left for one who joined.
    """
    asked = (
        select(Invitation.stakeholder_id)
        .where(Invitation.wave_id.in_((earlier.id, later.id)))
        .group_by(Invitation.stakeholder_id)
        .having(func.count() == 2)
        .subquery()
    )
    both = db.session.scalar(select(func.count()).select_from(asked)) or 0
    left = chain.current(earlier).stakeholders - both
    joined = chain.current(later).stakeholders - both
    return abs(left - joined) or min(left + joined, SWAPPED)


def _before(wave: Wave) -> Release | None:
    """The release of the last wave of the engagement that has one."""
    chosen = (
        select(Release)
        .join(Wave)
        .where(Wave.engagement_id == wave.engagement_id, Wave.number < wave.number)
        .order_by(Wave.number.desc())
        .limit(1)
    )
    return db.session.scalar(chosen)
