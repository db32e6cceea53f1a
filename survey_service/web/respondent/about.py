"""What is promised, and the terms to the letter."""

from flask import Response, request

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
