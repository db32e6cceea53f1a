"""What is promised, the terms to the letter, and stopping reminders."""

from flask import Response, request

from survey_service.foundation.db import transaction
from survey_service.invitations import reminders
from survey_service.waves import chain
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
    """The terms for people: as frozen, and every amendment since."""
    caller = callers.find(token)
    return pages.draw("terms.html", caller, changes=chain.changes(caller.visit.terms))


@door.get("/<token>/terms.json")
def exact_terms(token: str) -> Response:
    """The very bytes whose SHA-256 is the fingerprint; of an earlier link of the chain with ``?number=0``."""
    links = callers.find(token).visit.terms.links
    number = request.args.get("number", "")
    place = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else len(links) - 1
    return Response(links[min(place, len(links) - 1)], mimetype="application/json")


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
