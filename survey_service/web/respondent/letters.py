"""What can be said about letters: no more reminders, none at all, or that somebody else should get them.

Opening a page changes nothing, because scanners follow links; and no page says more than what was asked for.
"""

from flask import request

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.invitations import contact, helping, reminders
from survey_service.waves import booth as booths
from survey_service.web.respondent import callers, pages
from survey_service.web.respondent.door import door


@door.get("/<token>/stop")
def ask_to_stop(token: str) -> pages.Page:
    """Two choices and a button."""
    return pages.draw("stop.html", callers.find(token), stopped=None)


@door.post("/<token>/stop")
def stop(token: str) -> pages.Page:
    """No more reminders, as a mail program's own button posts (RFC 8058); or no letters at all."""
    caller = callers.find(token)
    wants_nothing = request.form.get("what") == "letters"
    with transaction():
        invitation = booths.record(caller.booth)
        reminders.stop(invitation)
        if wants_nothing and (address := invitation.stakeholder.email):
            contact.refuse(booths.engagement(caller.booth).workspace_id, address)
    stopped = "letters" if wants_nothing else "reminders"
    return pages.draw("stop.html", caller, stopped=stopped, is_open=caller.booth.state == "open")


@door.get("/<token>/wrong-person")
def ask_who(token: str) -> pages.Page:
    """One field and a button."""
    return pages.draw("wrong_person.html", callers.find(token), is_told=False)


@door.post("/<token>/wrong-person")
def tell(token: str) -> pages.Page:
    """Tell whoever looks after the list; a second time changes nothing, and the page is the same.

    A bare post, as scanners send, lacks what the page's button adds: it does nothing.
    """
    caller = callers.find(token)
    if request.form.get("pass") != "on":
        return pages.draw("wrong_person.html", caller, is_told=False)
    with transaction():
        invitation = booths.record(caller.booth)
        reminders.stop(invitation)
        if caller.booth.state in ("open", "spent"):
            suggestion = request.form.get("who", "")
            helping.tell_wrong_person(invitation, suggestion=suggestion, at=now())
    return pages.draw("wrong_person.html", caller, is_told=True)
