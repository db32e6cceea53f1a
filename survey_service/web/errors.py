"""Calm pages for everything that goes wrong."""

import logging

from flask import Flask, render_template
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from survey_service.foundation.errors import NotAllowed, NotFound, Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.reports.shares import ShareExpired

log = logging.getLogger(__name__)


def _page(status: int, heading: str, text: str) -> tuple[str, int]:
    return render_template("problem.html", heading=heading, text=text), status


def _http(fault: HTTPException) -> tuple[str, int] | HTTPException:
    if fault.code is None or fault.code < 400:
        return fault
    heading, text = {
        404: (_("This page does not exist"), _("The address may be mistyped, or what it led to is gone.")),
        405: (_("This page does not exist"), _("Go back and use the button on the page.")),
        413: (_("That is too much at once"), _("Files may be up to 2 MB. Split the file and try again.")),
        429: (_("Too many tries"), _("Wait a minute, then try again.")),
    }.get(fault.code, (_("That did not work"), _("Go back and try again. Nothing was changed.")))
    return _page(fault.code, heading, text)


def _csrf(fault: CSRFError) -> tuple[str, int]:
    return _page(
        400,
        _("This page lay open for too long"),
        _("For safety the form was not sent. Go back, reload the page and send it again."),
    )


def _not_found(fault: NotFound) -> tuple[str, int]:
    return _page(
        404, _("This page does not exist"), _("The address may be mistyped, or what it led to is gone.")
    )


def _not_allowed(fault: NotAllowed) -> tuple[str, int]:
    return _page(403, _("Not with your role"), str(fault))


def _refused(fault: Refusal) -> tuple[str, int]:
    return _page(409, _("This cannot be done now"), str(fault))


def _share_expired(fault: ShareExpired) -> tuple[str, int]:
    return _page(410, _("This link is no longer good"), str(fault))


def _busy(fault: OperationalError) -> tuple[str, int]:
    log.error("the database did not answer: %s", type(fault.orig).__name__)
    return _page(
        503, _("Busy just now"), _("The server could not do this at once. Wait a moment and send it again.")
    )


def _broken(fault: Exception) -> tuple[str, int]:
    log.exception("a page failed")
    return _page(
        500, _("Something went wrong on our side"), _("It has been noted. Please try again in a while.")
    )


def init_app(app: Flask) -> None:
    """One page for each kind of trouble; no stack trace is ever shown."""
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(ShareExpired, _share_expired)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _broken)
