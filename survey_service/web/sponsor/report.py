"""After close: the sponsor reads first, releases to the seller, shares."""

from flask import Response, redirect, url_for
from werkzeug.wrappers import Response as Redirect

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import NotFound
from survey_service.foundation.i18n import gettext as _
from survey_service.reports import publish
from survey_service.waves import handover, retention
from survey_service.waves import launch as launching
from survey_service.web import showing
from survey_service.web.sponsor.door import door, seat


@door.get("/report")
def read() -> Response:
    """The report as a page."""
    here = seat()
    links = showing.files(lambda form, **more: url_for(".keep", form=form, **more))
    links[_("Back")] = url_for(".show")
    return showing.screen(publish.for_sponsor(here.engagement), here.workspace.id, links=links)


@door.get("/report.<form>")
def keep(form: str) -> Response:
    """The same as PDF, CSV or JSON."""
    here = seat()
    return showing.file(publish.for_sponsor(here.engagement), here.workspace.id, form)


@door.post("/release")
def release() -> Redirect:
    """Let the seller read it."""
    here = seat()
    with transaction():
        wave = launching.wave_of(here.engagement)
        if wave is None:
            raise NotFound
        handover.release_to_seller(wave, who="sponsor", at=now())
    return redirect(url_for(".show"))


@door.post("/keep-longer")
def keep_longer() -> Redirect:
    """Another year, where erasing is announced."""
    here = seat()
    with transaction():
        retention.keep_longer(here.engagement, at=now())
    return redirect(url_for(".show"))
