"""Taking everything along, and deleting the workspace."""

from collections.abc import Iterator

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response as Redirect
from wtforms import StringField

from survey_service import journal
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.reports import belongings
from survey_service.waves import leaving
from survey_service.web.audiences import need
from survey_service.web.forms import DoorForm, blame, given, one_line, said
from survey_service.web.seller.door import door
from survey_service.workspaces.scope import Scope


class Leave(DoorForm):
    """The workspace's name, so that it is meant."""

    name = StringField(
        _l("Type the workspace’s name"), [given(_l("Type the workspace’s name."))], filters=[one_line]
    )


@door.post("/settings/everything.zip")
def take_everything() -> Response | Redirect:
    """All there is, as a zip that is written while it is sent; the button says that it was pressed."""
    eyes = need("manage")
    if "everything" not in request.form:
        return redirect(url_for(".settings"))
    with transaction():
        journal.note("everything exported", who=eyes.who, at=now(), workspace_id=eyes.workspace_id)
    response = Response(_pieces(eyes), content_type="application/zip")
    name = {"filename": f"common-ground-{eyes.workspace_key}.zip"}
    response.headers["Content-Disposition"] = dump_options_header("attachment", name)
    return response


def _pieces(eyes: Scope) -> Iterator[bytes]:
    """Sent after the request is over: it has an app context of its own."""
    app = current_app._get_current_object()  # type: ignore[attr-defined] # the proxy ends with the request

    def pieces() -> Iterator[bytes]:
        with app.app_context():
            yield from belongings.packed(eyes, at=now())

    return pieces()


@door.route("/settings/delete", methods=["GET", "POST"])
def leave() -> Redirect | str:
    """Ask for everything to be deleted, after one more question."""
    eyes = need("manage")
    form = Leave()
    if form.is_sent_well():
        try:
            with transaction():
                leaving.ask(eyes, said(form.name), at=now())
            flash(_("It is on its way out. Until the day comes, any owner can call it back."))
            return redirect(url_for(".settings"))
        except leaving.NameDiffers as refusal:
            blame(form.name, refusal)
    return render_template("seller/leave.html", form=form, days=leaving.GRACE.days)


@door.post("/settings/delete/call-back")
def call_back() -> Redirect:
    """It stays."""
    eyes = need("manage")
    with transaction():
        leaving.call_back(eyes, at=now())
    flash(_("The workspace stays."))
    return redirect(url_for(".settings"))
