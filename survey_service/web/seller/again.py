"""Another wave from a released one, and calling a running one off unread."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from survey_service.engagements import desk
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.i18n import ngettext
from survey_service.invitations import on_paper
from survey_service.waves import again, announce
from survey_service.waves import launch as launching
from survey_service.web.audiences import need
from survey_service.web.forms import DoorForm, said
from survey_service.web.seller import offering
from survey_service.web.seller.door import door


class NextWave(DoorForm):
    """What is asked next time."""

    instrument = RadioField(_l("What is asked"), choices=offering.choices)


class CallOff(DoorForm):
    """A word that it is meant."""

    is_meant = BooleanField(
        _l("Destroy the answers unread and tell everyone"),
        [InputRequired(_l("Tick this if you mean it."))],
    )


@door.route("/engagements/<key>/next", methods=["GET", "POST"])
def prepare_next(key: str) -> Response | str:
    """Choose what is asked; then the checklist opens again, with the roster as it is now."""
    eyes = need("work")
    engagement = desk.find(eyes, key)
    again.need_preparable(engagement, at=now())
    form = NextWave(instrument=engagement.instrument)
    form.instrument.choices = offering.choices(engagement.instrument)
    if form.is_sent_well():
        with transaction():
            again.prepare(eyes, desk.hold(eyes, key), said(form.instrument), at=now())
        return redirect(url_for(".show", key=key))
    notes = offering.notes(offering.choices(engagement.instrument))
    return render_template("seller/next_wave.html", engagement=engagement, form=form, notes=notes)


@door.post("/engagements/<key>/next/leave")
def leave_next(key: str) -> Response:
    """Think again; the last report stands."""
    eyes = need("work")
    with transaction():
        again.leave(eyes, desk.hold(eyes, key), at=now())
    return redirect(url_for(".show", key=key))


@door.route("/engagements/<key>/call-off", methods=["GET", "POST"])
def call_off(key: str) -> Response | str:
    """End a running survey unread, after one more question."""
    eyes = need("work")
    engagement = desk.find(eyes, key)
    wave = launching.standing_wave(engagement)
    if wave is None or wave.state != "open":
        raise announce.NotOpen
    form = CallOff()
    without_address = on_paper.count(engagement)
    if not form.is_sent_well():
        return render_template(
            "seller/call_off.html",
            engagement=engagement,
            form=form,
            without_address=without_address,
        )
    with transaction():
        again.call_off(eyes, desk.find(eyes, key), at=now())
    flash(_("It is called off, and everyone is told by letter."))
    if without_address:
        flash(_to_be_told(without_address))
    return redirect(url_for(".show", key=key))


def _to_be_told(count: int) -> str:
    return ngettext(
        "%(num)d person has no e-mail address: let them be told in person.",
        "%(num)d people have no e-mail address: let them be told in person.",
        count,
    )
