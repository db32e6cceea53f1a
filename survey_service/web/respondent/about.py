"""What is promised, the terms to the letter, and stopping reminders."""

from flask import Response

from survey_service.foundation.db import transaction
from survey_service.invitations import reminders
from survey_service.web import asked
from survey_service.web.respondent import callers, pages
from survey_service.web.respondent.door import door


@door.get("/<token>/how")
def how(token: str) -> pages.Page:
    """How answers are kept, and what is not promised."""
    caller = callers.find(token)
    return pages.draw("how.html", caller, part=asked.part(caller.visit.terms, caller.visit.group))


@door.get("/<token>/terms")
def terms(token: str) -> pages.Page:
    """The frozen terms for people."""
    return pages.draw("terms.html", callers.find(token))


@door.get("/<token>/terms.json")
def exact_terms(token: str) -> Response:
    """The very bytes whose SHA-256 is the terms' hash."""
    found = callers.find(token).visit.terms
    return Response(found.canonical, mimetype="application/json")


@door.get("/<token>/stop")
def ask_to_stop(token: str) -> pages.Page:
    """One button, because scanners follow links."""
    return pages.draw("stop.html", callers.find(token), is_stopped=False)


@door.post("/<token>/stop")
def stop(token: str) -> pages.Page:
    """No more reminders; also what a mail program's own button posts (RFC 8058)."""
    caller = callers.find(token)
    with transaction():
        reminders.stop(caller.booth.invitation)
    return pages.draw("stop.html", caller, is_stopped=True, is_open=caller.booth.state == "open")
