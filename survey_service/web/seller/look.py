"""The workspace's own look on its reports: a logo and a colour."""

from flask import flash, redirect, render_template, request, url_for
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField

from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.reports import dressing
from survey_service.web.audiences import need
from survey_service.web.forms import DoorForm, blame, one_line, said
from survey_service.web.seller.door import door
from survey_service.workspaces import look as looks
from survey_service.workspaces.look import ColourRefused, LogoRefused


class LookForm(DoorForm):
    """What reports wear."""

    logo = FileField(
        _l("Logo"),
        description=_l("A PNG or JPEG, at best 400 to 1,000 pixels wide. It stands above the report."),
    )
    drop_logo = BooleanField(_l("Use no logo"))
    colour = StringField(
        _l("Colour"),
        filters=[one_line],
        description=_l(
            "Six hex digits, for example #1f4e79: for the path and the links. It must be readable on white; "
            "the heat map keeps its own colours. Leave it empty for ours."
        ),
    )


@door.route("/look", methods=["GET", "POST"])
def look() -> Response | str:
    """Change the logo and the colour; both are tried before they are kept."""
    eyes = need("manage")
    workspace = looks.of(eyes.workspace_id)
    form = LookForm(colour=workspace.colour or "")
    if not form.is_sent_well():
        return _page(form)
    sent = request.files.get("logo")
    content = sent.read() if sent and sent.filename else None
    try:
        with transaction():
            looks.change(eyes, logo=content, colour=said(form.colour), drop_logo=bool(form.drop_logo.data))
    except LogoRefused as refusal:
        blame(form.logo, refusal)
        return _page(form)
    except ColourRefused as refusal:
        blame(form.colour, refusal)
        return _page(form)
    flash(_("Reports now look like this."))
    return redirect(url_for(".look"))


def _page(form: LookForm) -> str:
    workspace = looks.of(need("manage").workspace_id)
    return render_template("seller/look.html", form=form, logo=dressing.on_site(workspace, None).logo)
