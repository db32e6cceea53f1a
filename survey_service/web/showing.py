"""Showing a report at a door: the page on screen, or a file to keep."""

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, current_app, make_response
from werkzeug.http import dump_options_header

from survey_service.foundation.i18n import language
from survey_service.foundation.installation import installation
from survey_service.reports import page
from survey_service.reports.editions import FORMS, Press, file_name
from survey_service.reports.page import Frame
from survey_service.web.packaged import asset

FILES = ("pdf", "csv", "json")


def screen(document: Mapping[str, Any], *, links: Mapping[str, str], notice: str | None = None) -> str:
    """The report as a page of the site, in the reader's language."""
    frame = Frame(asset=asset, operator=installation().settings.operator, links=links, notice=notice)
    return page.render(document, env=current_app.jinja_env, language=language(), for_print=False, frame=frame)


def file(document: Mapping[str, Any], form: str) -> Response:
    """One of FILES, to keep. Raises PdfUnavailable; 404 for another form."""
    if form not in FILES:
        abort(404)
    settings = installation().settings
    press = Press(current_app.jinja_env, settings.operator, settings.data_dir / "cache")
    response = make_response(press.edition(document, form, language()))
    response.content_type = FORMS[form]
    name = {"filename": file_name(document, form)}
    response.headers["Content-Disposition"] = dump_options_header("attachment", name)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
