"""Where an engagement stands, and the next thing to do: a sentence with one button."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from survey_service.engagements import exposure, roster
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement, Sponsor
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import moment, ngettext
from survey_service.reports import phrases, publish
from survey_service.waves import fitness, handover
from survey_service.waves import launch as launching
from survey_service.waves.models import Release, Wave
from survey_service.waves.terms import K
from survey_service.web.seller import offering

UNFIT = (fitness.InstrumentUnfit, fitness.NotWritten)


@dataclass(frozen=True)
class Task:
    """One line of the checklist. ``ask`` and ``press`` are the sentence and button when it is next."""

    name: str
    told: str
    state: str  #: 'done', 'open', or 'free' for what may be looked at or left out
    address: str
    ask: str = ""
    press: str = ""


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
    last: Wave | None = None  #: the latest wave, lost or released, where another is being prepared

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
        last=None if wave else launching.wave_of(engagement),
    )


def tasks(standing: Standing) -> list[Task]:
    """The checklist before launch, in the order it is done."""
    made = [*_words(standing), *_people_and_groups(standing), *_survey(standing), _preview(standing)]
    if standing.sponsor is not None:
        made.append(_approval(standing, standing.sponsor))
    return [*made, _launch(standing)]


def next_task(listed: Sequence[Task]) -> Task:
    """The first that is open; launch is always the last."""
    return next(task for task in listed if task.state == "open")


def _state(is_done: bool) -> str:
    return "done" if is_done else "open"


def _words(standing: Standing) -> Iterator[Task]:
    engagement, sponsor = standing.engagement, standing.sponsor
    edit = url_for(".edit", key=engagement.key)
    yield Task(_("The change"), _("said in one sentence"), "done", f"{edit}#change")
    yield Task(
        _("Sponsor"),
        _sponsor_told(standing),
        _state(sponsor is not None or engagement.has_no_sponsor),
        f"{edit}#sponsor_name",
        ask=_("Who leads on the buyer’s side? Name the sponsor, or say that there is none."),
        press=_("Name the sponsor"),
    )
    step = engagement.believed_step
    believed = (
        _("you think: step %(number)s, %(name)s", number=step, name=list(phrases.STEPS.values())[step - 1])
        if step
        else _("not said")
    )
    yield Task(_("Where they stand"), believed, "free", f"{edit}#believed_step")


def _sponsor_told(standing: Standing) -> str:
    if standing.sponsor is not None:
        return f"{standing.sponsor.name}, {standing.sponsor.email}"
    if standing.engagement.has_no_sponsor:
        return _("none: no free text, one part")
    return _("not named yet")


def _people_and_groups(standing: Standing) -> Iterator[Task]:
    key, people = standing.engagement.key, standing.people
    missing = K - people
    yield Task(
        _("Roster"),
        ngettext("%(num)d person", "%(num)d people", people) if people else _("nobody is on it yet"),
        _state(missing <= 0),
        url_for(".roster_page", key=key),
        ask=ngettext(
            "List everyone whose work the change would touch: %(num)d more person is needed at least.",
            "List everyone whose work the change would touch: %(num)d more people are needed at least.",
            max(missing, 0),
        ),
        press=_("Build the roster"),
    )
    yield Task(_("Groups"), _groups(standing), "free", url_for(".groups", key=key))


def _groups(standing: Standing) -> str:
    told = ngettext("%(num)d group", "%(num)d groups", len(standing.sizes))
    too_small = sum(size < exposure.alone_from(K) for size in standing.sizes.values())
    if not too_small or standing.sponsor is None:
        return told
    small = ngettext(
        "%(num)d is too small to appear alone", "%(num)d are too small to appear alone", too_small
    )
    return f"{told}; {small}"


def _survey(standing: Standing) -> Iterator[Task]:
    engagement = standing.engagement
    edit = url_for(".edit", key=engagement.key)
    yield _asked(standing, edit)
    closes = engagement.closes_at
    is_late = any(
        isinstance(one, launching.ClosingUnset | launching.ClosesTooSoon) for one in standing.obstacles
    )
    yield Task(
        _("Closing"),
        moment(closes, engagement.time_zone) if closes else _("not set"),
        _state(not is_late),
        f"{edit}#closes_at",
        ask=_("Set the day and time at which the survey closes; two weeks from now are usual."),
        press=_("Set the closing time"),
    )


def _asked(standing: Standing, edit: str) -> Task:
    """What is asked; an instrument of their own may have to be put right first."""
    wrong = next((one for one in standing.obstacles if isinstance(one, UNFIT)), None)
    title, key = offering.title(standing.engagement.instrument), standing.engagement.instrument
    if wrong is None:
        return Task(_("What is asked"), title, "done", f"{edit}#instrument")
    name, _slash, version = key.rpartition("/")
    address = url_for(".edit_instrument", name=name, version=int(version))
    return Task(_("What is asked"), title, "open", address, ask=str(wrong), press=_("Look at the words"))


def _preview(standing: Standing) -> Task:
    address = url_for(".preview", key=standing.engagement.key)
    return Task(_("Preview"), _("see it as a stakeholder sees it"), "free", address)


def _approval(standing: Standing, sponsor: Sponsor) -> Task:
    told, ask, press = _approval_words(standing, sponsor)
    address = url_for(".approval", key=standing.engagement.key)
    return Task(_("Approval"), told, _state(standing.is_approved), address, ask=ask, press=press)


def _approval_words(standing: Standing, sponsor: Sponsor) -> tuple[str, str, str]:
    """What is so, what to do, and the button."""
    name = sponsor.name
    if standing.is_approved:
        return _("%(name)s has approved", name=name), "", ""
    if sponsor.note is not None:
        noted = _("%(name)s asks for a correction before they approve.", name=name)
        return _("to be corrected"), noted, _("Read what to correct")
    if sponsor.approved_at is not None:
        changed = _("Something has changed since %(name)s approved it; ask again.", name=name)
        return _("to be asked again"), changed, _("Ask again")
    if sponsor.asked_at is not None:
        asked = moment(sponsor.asked_at, standing.engagement.time_zone)
        wait = _(
            "%(name)s was asked on %(moment)s; you can launch once they approve.", name=name, moment=asked
        )
        return _("asked, no answer yet"), wait, _("See the approval")
    ready = _(
        "Everything is ready to be shown to %(name)s, who has to approve before anyone is asked.", name=name
    )
    return _("not asked yet"), ready, _("Ask for approval")


def _launch(standing: Standing) -> Task:
    obstacle = standing.obstacles[0] if standing.obstacles else None
    return Task(
        _("Launch"),
        _("not yet") if obstacle else _("ready"),
        "open",
        url_for(".launch", key=standing.engagement.key),
        ask=str(obstacle) if obstacle else _("Everything is ready: look once more, then launch."),
        press=_("Look at the launch"),
    )
