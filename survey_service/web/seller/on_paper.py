"""People without an e-mail address: who prints their letters, and giving them an address later."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey_service import journal
from survey_service.engagements import desk
from survey_service.engagements.models import Engagement
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import NotFound
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.installation import installation
from survey_service.invitations import on_paper
from survey_service.waves import chain, readdressing
from survey_service.waves import launch as launching
from survey_service.waves.models import Wave
from survey_service.web.audiences import need, scope
from survey_service.web.seller.door import door


@dataclass(frozen=True)
class Printing:
    """What is known of the printed letters of an open survey; nothing about answers."""

    last_at: datetime | None
    is_stale: bool


@door.get("/engagements/<key>/on-paper")
def people_on_paper(key: str) -> str:
    """Everyone without an address, why only the operator prints, and the line that does it."""
    engagement = desk.find(scope(), key)
    wave = _open(engagement)
    return render_template(
        "seller/on_paper.html",
        engagement=engagement,
        people=on_paper.people(engagement),
        is_open=wave is not None,
        printing=_printing(engagement, wave) if wave else None,
        operator=installation().settings.operator,
        command=f"flask survey print-letters {engagement.key} -o letters.pdf",
    )


@door.post("/engagements/<key>/on-paper/<int:number>")
def give_address(key: str, number: int) -> Response:
    """An address for one of them while the survey is open, and a letter there. Answered alike, whatever the
    link was used for."""
    engagement = desk.find(need("work"), key)
    with transaction():
        wave = _open(engagement)
        asked = on_paper.invitations(wave.id) if wave else ()
        invitation = next((one for one in asked if one.stakeholder_id == number), None)
        if wave is None or invitation is None:
            raise NotFound
        readdressing.readdress(wave, invitation, request.form.get("email", ""), at=now())
        address = invitation.stakeholder.email
    flash(_("The address is now %(address)s; a letter goes there.", address=address))
    return redirect(url_for(".people_on_paper", key=key))


def _open(engagement: Engagement) -> Wave | None:
    wave = launching.wave_of(engagement)
    return wave if wave is not None and wave.state == "open" and now() < wave.closes_at else None


def _printing(engagement: Engagement, wave: Wave) -> Printing:
    printed = [
        entry.at
        for entry in journal.of_engagement(engagement.id)
        if entry.event == "letters printed" and entry.facts.get("wave") == wave.number
    ]
    last_at = max(printed, default=None)
    changes = chain.changes(chain.current(wave))
    is_stale = last_at is not None and any(one.announced_at > last_at for one in changes)
    return Printing(last_at=last_at, is_stale=is_stale)
