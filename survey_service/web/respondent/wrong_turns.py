"""A calm page for each wrong turn of this door.

Logs name the kind of trouble and where in the code, never the address or an answer.
"""

import logging
import traceback
from pathlib import Path

from flask import request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from survey_service.answers.intake import AlreadyAnswered, ReceiptTaken
from survey_service.foundation.errors import NotFound, Refusal
from survey_service.foundation.key_directory import KeyMissing
from survey_service.waves.booth import WaveClosed
from survey_service.waves.terms import TermsChanged
from survey_service.web.respondent import callers, pages
from survey_service.web.respondent.door import door

log = logging.getLogger(__name__)

Answer = tuple[str, int]


@door.errorhandler(NotFound)
def unknown_link(_fault: NotFound) -> Answer:
    """One page, whatever is wrong with the link."""
    return pages.draw("unknown.html", None), 404


@door.errorhandler(AlreadyAnswered)
def spent(_fault: AlreadyAnswered) -> Answer:
    """Somebody was first: another tab, another device, another person with the link."""
    return pages.draw("spent.html", callers.known()), 409


@door.errorhandler(ReceiptTaken)
def taken(_fault: ReceiptTaken) -> Answer:
    """A form of another link, sent with this one."""
    return pages.draw("taken.html", callers.known()), 409


@door.errorhandler(WaveClosed)
def closed(_fault: WaveClosed) -> Answer:
    """The closing time came while the form lay open."""
    return pages.draw("closed.html", callers.known()), 410


@door.errorhandler(KeyMissing)
@door.errorhandler(TermsChanged)
def unsafe(fault: Refusal) -> Answer:
    """Nothing can be taken safely, so nothing is."""
    log.critical("nobody can answer: %s at %s", type(fault).__name__, _place(fault))
    return pages.draw("unsafe.html", None), 503


@door.errorhandler(OperationalError)
def busy(fault: OperationalError) -> Answer:
    """The database did not answer in time."""
    log.error("%s: the database did not answer: %s", request.endpoint, type(fault.orig).__name__)
    return pages.draw("busy.html", callers.known()), 503


@door.errorhandler(HTTPException)
def malformed(fault: HTTPException) -> Answer | HTTPException:
    """A body too large, too many parts, a verb no route knows."""
    if fault.code is None or fault.code < 400:
        return fault
    if fault.code == 429:
        return pages.draw("busy.html", callers.known()), 429
    return pages.draw("malformed.html", callers.known(), is_large=fault.code == 413), fault.code


@door.errorhandler(Exception)
def broken(fault: Exception) -> Answer:
    """Our own fault. A stack trace could carry an answer into the log, so only its place is written."""
    log.error("%s failed: %s at %s", request.endpoint, type(fault).__name__, _place(fault))
    return pages.draw("broken.html", None), 500


def _place(fault: BaseException) -> str:
    frames = traceback.extract_tb(fault.__traceback__)
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-4:]))
