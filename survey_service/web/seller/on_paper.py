"""People without an e-mail address: who prints their letters, and giving them an address later."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField

from survey_service import journal
from survey_service.engagements import desk
from survey_service.engagements.models import Engagement
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import NotFound, Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.installation import installation
from survey_service.invitations import on_paper
from survey_service.invitations.models import Invitation
from survey_service.waves import chain, readdressing
from survey_service.waves import launch as launching
from survey_service.waves.models import Wave
from survey_service.web.audiences import need, scope
from survey_service.web.forms import DoorForm, blame, given, one_line, said
from survey_service.web.seller.door import door


@dataclass(frozen=True)
class Printing:
    """What is known of the printed letters of an open survey; nothing about answers."""

    last_at: datetime | None
    is_stale: bool


class GiveAddress(DoorForm):
    """Who of those on paper, and where to write from now on."""

    person = SelectField(_l("Who"))
    email = StringField(_l("E-mail address"), [given(_l("Type the address."))], filters=[one_line])


@door.get("/engagements/<key>/on-paper")
def people_on_paper(key: str) -> str:
    """Everyone without an address, why only the operator prints, and the line that does it."""
    engagement = desk.find(scope(), key)
    return _page(engagement, _form(engagement))


@door.post("/engagements/<key>/on-paper")
def give_address(key: str) -> Response | str:
    """An address for one of them while the survey is open, and a letter there. Answered alike, whatever the
    link was used for."""
    engagement = desk.find(need("work"), key)
    form = _form(engagement)
    if not form.is_sent_well():
        return _page(engagement, form)
    try:
        with transaction():
            wave, invitation = _asked(engagement, said(form.person))
            readdressing.readdress(wave, invitation, said(form.email), at=now())
            address = invitation.stakeholder.email
    except NotFound:
        raise
    except Refusal as refusal:
        blame(form.email, refusal)
        return _page(desk.find(scope(), key), form)
    flash(_("The address is now %(address)s; a letter goes there.", address=address))
    return redirect(url_for(".people_on_paper", key=key))


def _form(engagement: Engagement) -> GiveAddress:
    form = GiveAddress()
    form.person.choices = {
        str(one.id): f"{one.name} · {one.group.name}" for one in on_paper.people(engagement)
    }
    return form


def _page(engagement: Engagement, form: GiveAddress) -> str:
    wave = _open(engagement)
    return render_template(
        "seller/on_paper.html",
        engagement=engagement,
        form=form,
        people=on_paper.people(engagement),
        is_open=wave is not None,
        printing=printed(engagement, wave) if wave else None,
        operator=installation().settings.operator,
        command=f"flask survey print-letters {engagement.key} -o letters.pdf",
    )


def _asked(engagement: Engagement, number: str) -> tuple[Wave, Invitation]:
    """The open wave, and whose number that is. Raises NotFound."""
    wave = _open(engagement)
    for invitation in on_paper.invitations(wave.id) if wave else ():
        if wave and str(invitation.stakeholder_id) == number:
            return wave, invitation
    raise NotFound


def _open(engagement: Engagement) -> Wave | None:
    wave = launching.wave_of(engagement)
    return wave if wave is not None and wave.state == "open" and now() < wave.closes_at else None


def printed(engagement: Engagement, wave: Wave) -> Printing:
    """When an open survey's letters were last printed, and whether its terms were amended since."""
    moments = [
        entry.at
        for entry in journal.of_engagement(engagement.id)
        if entry.event == "letters printed" and entry.facts.get("wave") == wave.number
    ]
    last_at = max(moments, default=None)
    changes = chain.changes(chain.current(wave))
    is_stale = last_at is not None and any(one.announced_at > last_at for one in changes)
    return Printing(last_at=last_at, is_stale=is_stale)
