"""Throwing away an engagement nobody was asked in."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField
from wtforms.validators import InputRequired

from survey_service.engagements import desk
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.waves import erasing
from survey_service.web.audiences import need
from survey_service.web.forms import DoorForm
from survey_service.web.seller.door import door


class Discard(DoorForm):
    """A word that it is meant."""

    is_meant = BooleanField(
        _l("Erase this engagement with its roster"), [InputRequired(_l("Tick this if you mean it."))]
    )


@door.route("/engagements/<key>/discard", methods=["GET", "POST"])
def discard(key: str) -> Response | str:
    """Erase it, after one more question; one that was launched stays."""
    eyes = need("work")
    engagement = desk.find(eyes, key)
    erasing.need_never_launched(engagement)
    form = Discard()
    if not form.is_sent_well():
        return render_template("seller/discard.html", engagement=engagement, form=form)
    buyer = engagement.buyer
    with transaction():
        erasing.discard(eyes, desk.find(eyes, key), at=now())
    flash(_("%(buyer)s: the engagement is discarded.", buyer=buyer))
    return redirect(url_for(".overview"))
