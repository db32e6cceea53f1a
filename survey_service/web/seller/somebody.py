"""What the workspace holds about one person, and its erasure: for owners, to whom such requests come."""

from flask import render_template, request
from wtforms import StringField

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.waves import persons
from survey_service.web.audiences import need
from survey_service.web.forms import DoorForm, at_most, blame, given, one_line, said
from survey_service.web.seller.door import door


class Somebody(DoorForm):
    """The person's address; sent in the form, so that it stands in no address and no log."""

    email = StringField(
        _l("E-mail address"),
        [given(_l("Type the person’s address.")), at_most(254)],
        filters=[one_line],
        description=_l("Or the name of somebody on a roster who has none."),
    )


@door.route("/settings/person", methods=["GET", "POST"])
def somebody() -> str:
    """Show what is held, or erase it where the button says so; what cannot be found is said."""
    eyes = need("manage")
    form, found, is_erased = Somebody(), None, False
    if form.is_sent_well():
        email, number = said(form.email), eyes.workspace_id
        if request.form.get("act") == "erase":
            try:
                with transaction():
                    persons.erase(email, who=eyes.who, at=now(), workspace_id=number)
                is_erased = True
            except Refusal as refusal:
                blame(form.email, refusal)
        found = persons.held(email, workspace_id=number)
    return render_template(
        "seller/somebody.html", form=form, found=found, is_erased=is_erased, cannot=persons.CANNOT
    )
