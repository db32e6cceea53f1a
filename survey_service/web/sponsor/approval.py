"""Before launch: what would be asked, of whom, and the sponsor's yes."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey_service import journal
from survey_service.engagements import exposure, roster
from survey_service.engagements import sponsor as sponsors
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.instrument import catalog
from survey_service.waves import handover
from survey_service.waves import launch as launching
from survey_service.waves.terms import K
from survey_service.web.sponsor import sharing
from survey_service.web.sponsor.door import Seat, door, seat


class ChangedMeanwhile(Refusal):
    """The page showed something else than what would be approved now."""

    sentence = _l("The roster or wording changed while you were reading. Look at it again, then approve.")


@door.get("/")
def show() -> str:
    """The one page: approve before launch, the closing date while it runs, the report after."""
    here = seat()
    wave = launching.standing_wave(here.engagement)
    return render_template(
        "sponsor/show.html",
        seat=here,
        wave=wave,
        release=wave and handover.release_of(wave),
        shares=sharing.listed(),
        texts_wait=bool(wave and handover.has_texts_to_review(wave)),
        **_plan(here),
    )


@door.post("/approve")
def approve() -> Response:
    """Say yes to exactly what the page showed."""
    here = seat()
    with transaction():
        if request.form.get("digest") != sponsors.digest(here.engagement):
            raise ChangedMeanwhile
        sponsors.approve(here.sponsor, sponsors.digest(here.engagement), at=now())
        journal.note(
            "approved",
            who=_("%(name)s (sponsor)", name=here.sponsor.name),
            at=now(),
            workspace_id=here.engagement.workspace_id,
            engagement_id=here.engagement.id,
        )
    return redirect(url_for(".show"))


def _plan(here: Seat) -> dict[str, object]:
    engagement = here.engagement
    instrument = catalog.instrument(engagement.instrument)
    return {
        "people": roster.people(engagement),
        "exposures": exposure.expose(roster.sizes(engagement), k=K, has_sponsor=True),
        "digest": sponsors.digest(engagement),
        "is_approved": sponsors.is_approved(engagement),
        "instrument": instrument,
        "words": catalog.words(engagement.instrument, engagement.language),
    }
