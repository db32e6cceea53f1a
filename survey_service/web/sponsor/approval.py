"""Before launch: what would be asked, of whom, and the sponsor's yes, or what should be different."""

from typing import Final

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from survey_service import journal
from survey_service.engagements import desk, exposure, roster
from survey_service.engagements import sponsor as sponsors
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.reports import phrases
from survey_service.waves import launch as launching
from survey_service.waves import telling
from survey_service.waves.terms import K
from survey_service.web.forms import LinkForm, at_most, given, said
from survey_service.web.sponsor import plainly
from survey_service.web.sponsor.door import Seat, door, seat
from survey_service.workspaces import schedule

LONGEST_NOTE: Final = 1000


class ChangedMeanwhile(Refusal):
    """The page showed something else than what would be approved now."""

    sentence = _l("The roster or wording changed while you were reading. Look at it again, then approve.")


class Note(LinkForm):
    """What should be different before it is launched."""

    note = TextAreaField(
        _l("What should be different?"),
        [given(_l("Say in a few words what should be different.")), at_most(LONGEST_NOTE)],
        description=_l("Somebody missing, a wrong group, another word, another date. The seller reads this."),
    )


@door.post("/approve")
def approve() -> Response:
    """Say yes to exactly what the page showed."""
    here = seat()
    with transaction():
        _need_unlaunched(here)
        if request.form.get("digest") != sponsors.digest(here.engagement):
            raise ChangedMeanwhile
        sponsors.approve(here.sponsor, sponsors.digest(here.engagement), at=now())
        _note(here, "approved")
    return redirect(url_for(".show"))


@door.post("/note")
def correct() -> Response | str:
    """Say what should be different; the seller is told by letter."""
    here = seat()
    form = Note()
    _need_unlaunched(here)
    if not form.is_sent_well():
        facts = plan(here, form)
        return render_template("sponsor/show.html", seat=here, wave=None, release=None, **facts)
    with transaction():
        _need_unlaunched(here)
        sponsors.correct(here.sponsor, said(form.note), at=now())
        telling.sellers("seller-correction", here.engagement, at=now())
        _note(here, "correction asked")
    return redirect(url_for(".show"))


def plan(here: Seat, form: Note | None = None) -> dict[str, object]:
    """What the page before launch shows."""
    engagement = here.engagement
    return {
        "people": roster.people(engagement),
        "exposures": exposure.expose(roster.sizes(engagement), k=K, has_sponsor=True),
        "reminded": schedule.said(schedule.read(engagement.reminders)),
        "digest": sponsors.digest(engagement),
        "is_approved": sponsors.is_approved(engagement),
        "believed": list(phrases.STEPS.values())[step - 1] if (step := engagement.believed_step) else None,
        "asked": plainly.asked(engagement),
        "note_form": form or Note(formdata=None),
    }


def _need_unlaunched(here: Seat) -> None:
    """Raises desk.Launched."""
    desk.need_unlaunched(here.engagement, launched=launching.standing_wave(here.engagement) is not None)


def _note(here: Seat, event: str) -> None:
    journal.note(
        event,
        who=_("%(name)s (sponsor)", name=here.sponsor.name),
        at=now(),
        workspace_id=here.engagement.workspace_id,
        engagement_id=here.engagement.id,
    )
