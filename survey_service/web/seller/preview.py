"""The survey as a stakeholder would see it, before launch."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from survey_service.engagements import desk, roster
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import LANGUAGES
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.installation import installation
from survey_service.waves import launch as launching
from survey_service.waves import telling
from survey_service.web import asking
from survey_service.web.audiences import need, scope
from survey_service.web.seller.door import door


@door.get("/engagements/<key>/preview")
def preview(key: str) -> Response | str:
    """A frame around the stakeholder's own page, with a choice of group and language."""
    engagement = desk.find(scope(), key)
    groups = list(roster.sizes(engagement))
    if not groups:
        return redirect(url_for(".roster_page", key=key))
    return render_template(
        "seller/preview.html",
        engagement=engagement,
        groups=groups,
        group=request.args.get("group") or groups[0],
        chosen=_language(engagement.language),
        device="desk" if request.args.get("device") == "desk" else "phone",
    )


@door.get("/engagements/<key>/preview/page")
def preview_page(key: str) -> str:
    """The page itself; nothing on it can be sent."""
    eyes = scope()
    engagement = desk.find(eyes, key)
    groups = list(roster.sizes(engagement))
    asked_for = request.args.get("group", "")
    group = asked_for if asked_for in groups else groups[0]
    terms = launching.would_freeze(eyes, engagement, installation().settings.operator, at=now())
    screen = request.args.get("screen", 0, type=int)
    return asking.preview(terms, group, max(screen, 0), _language(engagement.language))


@door.post("/engagements/<key>/test-letter")
def send_test(key: str) -> Response:
    """The invitation as it would be, to oneself alone."""
    eyes = need("work")
    engagement, me = desk.find(eyes, key), current_user.account
    if not roster.sizes(engagement):
        return redirect(url_for(".roster_page", key=key))
    with transaction():
        telling.test_letter(engagement, me, at=now())
    flash(_("A test letter to %(address)s is on its way.", address=me.email))
    return redirect(url_for(".preview", key=key))


def _language(usual: str) -> str:
    """Of the survey; a name of its own in the address, so that the desk goes on in the seller's language."""
    asked_for = request.args.get("words") or request.args.get("language", usual)
    return asked_for if asked_for in LANGUAGES else "en"
