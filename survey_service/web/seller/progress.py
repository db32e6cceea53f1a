"""Where an engagement stands, and the next thing to do: a sentence with one button."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from survey_service.engagements import roster
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement, Sponsor
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import moment, ngettext
from survey_service.reports import publish
from survey_service.waves import handover
from survey_service.waves import launch as launching
from survey_service.waves.models import Release, Wave
from survey_service.waves.terms import K


@dataclass(frozen=True)
class Task:
    """One line of the checklist."""

    name: str
    told: str
    is_done: bool
    address: str


@dataclass(frozen=True)
class Standing:
    """An engagement with everything its page needs."""

    engagement: Engagement
    sponsor: Sponsor | None
    sizes: dict[str, int]
    wave: Wave | None
    release: Release | None
    obstacles: Sequence[Refusal]
    is_approved: bool
    is_readable: bool
    is_lost: bool = False

    @property
    def people(self) -> int:
        """How many are on the roster."""
        return sum(self.sizes.values())


def stand(engagement: Engagement, *, at: datetime) -> Standing:
    """Look at the engagement now."""
    wave = launching.standing_wave(engagement)
    release = handover.release_of(wave) if wave else None
    return Standing(
        engagement=engagement,
        sponsor=sponsors.of(engagement),
        sizes=roster.sizes(engagement),
        wave=wave,
        release=release,
        obstacles=launching.obstacles(engagement, at=at),
        is_approved=sponsors.is_approved(engagement),
        is_readable=release is not None and publish.is_open_to_seller(release, at),
        is_lost=wave is None and launching.wave_of(engagement) is not None,
    )


def tasks(standing: Standing) -> list[Task]:
    """The checklist before launch, in the order it is done."""
    key = standing.engagement.key
    made = [
        Task(_("Words and dates"), standing.engagement.change, True, url_for(".edit", key=key)),
        Task(_("Roster"), _people(standing), standing.people >= K, url_for(".roster", key=key)),
        Task(_("Groups"), _groups(standing), standing.people >= K, url_for(".groups", key=key)),
        Task(_("Preview"), _("See it as a stakeholder sees it."), True, url_for(".preview", key=key)),
    ]
    if standing.sponsor is not None:
        made.append(
            Task(_("Approval"), _approval(standing), standing.is_approved, url_for(".approval", key=key))
        )
    made.append(Task(_("Launch"), _launching(standing), False, url_for(".launch", key=key)))
    return made


def next_task(listed: Sequence[Task]) -> Task:
    """The first that is open; launch is always the last."""
    return next(task for task in listed if not task.is_done)


def _people(standing: Standing) -> str:
    if standing.people == 0:
        return _("Nobody is on it yet.")
    return ngettext("%(num)d person", "%(num)d people", standing.people)


def _groups(standing: Standing) -> str:
    return ngettext("%(num)d group", "%(num)d groups", len(standing.sizes))


def _approval(standing: Standing) -> str:
    sponsor = standing.sponsor
    assert sponsor is not None  # the task is listed only where there is one
    if standing.is_approved:
        return _("%(name)s has approved.", name=sponsor.name)
    if sponsor.approved_at is not None:
        return _("Changed since %(name)s approved it; ask again.", name=sponsor.name)
    if sponsor.asked_at is not None:
        asked = moment(sponsor.asked_at, standing.engagement.time_zone)
        return _("%(name)s was asked on %(moment)s.", name=sponsor.name, moment=asked)
    return _("%(name)s has not been asked yet.", name=sponsor.name)


def _launching(standing: Standing) -> str:
    return str(standing.obstacles[0]) if standing.obstacles else _("Everything is ready.")
