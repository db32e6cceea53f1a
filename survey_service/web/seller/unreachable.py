"""Addresses that could not be reached, and correcting them."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey_service.engagements import desk
from survey_service.engagements.models import Engagement
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import NotFound, Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.invitations import unreachable
from survey_service.invitations.models import Invitation
from survey_service.waves import launch as launching
from survey_service.waves import readdressing
from survey_service.web.audiences import need, scope
from survey_service.web.seller.door import door


@dataclass(frozen=True)
class Faulty:
    """An address that was refused: whose number, what was typed, and why."""

    number: int
    typed: str
    why: str


@door.get("/engagements/<key>/unreachable")
def unreached(key: str) -> str:
    """Each person with the address that failed; counted from invitations alone."""
    return _page(desk.find(scope(), key), None)


@door.post("/engagements/<key>/unreachable/<int:number>")
def correct_address(key: str, number: int) -> Response | str:
    """Another address for one of them, and a letter there. Answered alike, whatever the link was used for."""
    engagement, typed = desk.find(need("work"), key), request.form.get("email", "")
    try:
        address = _correct(engagement, number, typed)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(desk.find(scope(), key), Faulty(number, typed, str(refusal)))
    flash(_("The address is now %(address)s; a letter goes there.", address=address))
    return redirect(url_for(".unreached", key=key))


def _correct(engagement: Engagement, number: int, typed: str) -> str | None:
    """The address as it is kept. Raises NotFound, and what ``correcting.correct`` raises."""
    with transaction():
        wave = launching.wave_of(engagement)
        invitation = next((one for one in _all(engagement) if one.stakeholder_id == number), None)
        if wave is None or invitation is None:
            raise NotFound
        readdressing.readdress(wave, invitation, typed, at=now())
        return invitation.stakeholder.email


def _page(engagement: Engagement, faulty: Faulty | None) -> str:
    return render_template(
        "seller/unreachable.html", engagement=engagement, invitations=_all(engagement), faulty=faulty
    )


def _all(engagement: Engagement) -> list[Invitation]:
    """Those of the open wave."""
    wave = launching.wave_of(engagement)
    return list(unreachable.invitations(wave.id)) if wave is not None and wave.state == "open" else []
