"""A shared report, as a page or as a file."""

from typing import Any

from flask import Response, make_response, request, url_for

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.installation import installation
from survey_service.reports import publish, shares
from survey_service.reports.models import Share
from survey_service.web import showing
from survey_service.web.reader.door import door


@door.get("/<token>")
def read(token: str) -> Response:
    """The page; HEAD (a link preview's) counts as no view."""
    found = shares.find(installation().links, token, at=now())
    links = {
        form.upper(): url_for(".keep", token=token, form=form, language=request.args.get("language"))
        for form in showing.FILES
    }
    response = make_response(showing.screen(_document(found), links=links, notice=_notice(found)))
    response.headers["X-Robots-Tag"] = "noindex"
    if request.method == "GET":
        with transaction():
            shares.count_view(found)
    return response


@door.get("/<token>/report.<form>")
def keep(token: str, form: str) -> Response:
    """The same report as PDF, CSV or JSON."""
    found = shares.find(installation().links, token, at=now())
    return showing.file(_document(found), form)


def _document(found: Share) -> dict[str, Any]:
    if found.from_sponsor:
        return publish.for_sponsor(found.engagement)
    return publish.for_seller(found.engagement, at=now())


def _notice(found: Share) -> str:
    day = found.expires_at.strftime("%Y-%m-%d")
    return _("Shared by %(name)s. This link works until %(day)s.", name=found.shared_by, day=day)
