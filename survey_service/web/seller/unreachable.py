"""Addresses that could not be reached, and correcting them."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey_service.engagements import desk
from survey_service.engagements.models import Engagement
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import NotFound
from survey_service.foundation.i18n import gettext as _
from survey_service.invitations import unreachable
from survey_service.invitations.models import Invitation
from survey_service.waves import launch as launching
from survey_service.waves import readdressing
from survey_service.web.audiences import need, scope
from survey_service.web.seller.door import door


@door.get("/engagements/<key>/unreachable")
def unreached(key: str) -> str:
    """Each person with the address that failed; counted from invitations alone."""
    engagement = desk.find(scope(), key)
    return render_template("seller/unreachable.html", engagement=engagement, invitations=_all(engagement))


@door.post("/engagements/<key>/unreachable/<int:number>")
def correct_address(key: str, number: int) -> Response:
    """Another address for one of them, and a letter there. Answered alike, whatever the link was used for."""
    engagement = desk.find(need("work"), key)
    with transaction():
        wave = launching.wave_of(engagement)
        invitation = next((one for one in _all(engagement) if one.stakeholder_id == number), None)
        if wave is None or invitation is None:
            raise NotFound
        typed = request.form.get("email", "")
        readdressing.readdress(wave, invitation, typed, at=now())
        address = invitation.stakeholder.email
    flash(_("The address is now %(address)s; a letter goes there.", address=address))
    return redirect(url_for(".unreached", key=key))


def _all(engagement: Engagement) -> list[Invitation]:
    """Those of the open wave."""
    wave = launching.wave_of(engagement)
    return list(unreachable.invitations(wave.id)) if wave is not None and wave.state == "open" else []
