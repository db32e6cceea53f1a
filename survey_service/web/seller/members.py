"""Members of the workspace: who belongs, who is invited, and what each may do."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import EmailField, RadioField

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import language
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.web.allowing import need_letters
from survey_service.web.audiences import need, scope
from survey_service.web.forms import DoorForm, address, blame, given, said, spoken
from survey_service.web.seller.door import door
from survey_service.workspaces import members as rolls

ROLES: Mapping[str, Any] = {"owner": _l("Owner"), "member": _l("Member"), "viewer": _l("Viewer")}
NOTES: Mapping[str, Any] = {
    "owner": _l("Does everything, and decides who belongs to the workspace."),
    "member": _l("Opens and launches engagements, and shares reports."),
    "viewer": _l("Sees engagements and reports, and changes nothing."),
}


def _role() -> RadioField:
    return RadioField(_l("Role"), choices=spoken(ROLES))


class Invite(DoorForm):
    """Whom to ask into the workspace."""

    email = EmailField(_l("E-mail address"), [given(_l("Enter your colleague’s e-mail address.")), address])
    role = _role()


class Change(DoorForm):
    """Another role."""

    role = _role()


@door.get("/members")
def members() -> str:
    """Who belongs here, and who is invited."""
    eyes = scope()
    return render_template(
        "seller/members.html", members=rolls.listed(eyes), pending=rolls.pending(eyes), roles=ROLES
    )


@door.route("/members/invite", methods=["GET", "POST"])
def invite_member() -> Response | str:
    """Ask a colleague in, by letter."""
    eyes = need("manage")
    form = Invite(role="member")
    if not form.is_sent_well():
        return render_template("seller/invite_member.html", form=form, notes=NOTES)
    try:
        with transaction():
            need_letters(eyes.workspace_id, 1)
            asked = rolls.invite(
                eyes, email=said(form.email), role=said(form.role), language=language(), at=now()
            )
    except Refusal as refusal:
        blame(form.email, refusal)
        return render_template("seller/invite_member.html", form=form, notes=NOTES)
    flash(_("A letter to %(address)s is on its way.", address=asked.email))
    return redirect(url_for(".members"))


@door.post("/members/invitations/<int:number>/again")
def invite_again(number: int) -> Response:
    """Send the letter once more, with a fresh link."""
    eyes = need("manage")
    with transaction():
        need_letters(eyes.workspace_id, 1)
        asked = rolls.invite_again(eyes, number, language=language(), at=now())
    flash(_("A letter to %(address)s is on its way.", address=asked.email))
    return redirect(url_for(".members"))


@door.post("/members/invitations/<int:number>/take-back")
def take_back_invitation(number: int) -> Response:
    """The link in the letter is void from now on."""
    eyes = need("manage")
    with transaction():
        address = rolls.take_back(eyes, number, at=now())
    flash(_("The invitation for %(address)s is taken back.", address=address))
    return redirect(url_for(".members"))


@door.route("/members/<int:number>", methods=["GET", "POST"])
def member(number: int) -> Response | str:
    """Change what one member may do."""
    eyes = need("manage")
    found = rolls.find(eyes, number)
    form = Change(role=found.role)
    if not form.is_sent_well():
        return render_template("seller/member.html", member=found, form=form, notes=NOTES)
    try:
        with transaction():
            rolls.change_role(eyes, found, said(form.role), at=now())
    except Refusal as refusal:
        blame(form.role, refusal)
        return render_template("seller/member.html", member=found, form=form, notes=NOTES)
    flash(_("%(name)s: the role is changed.", name=found.account.name))
    return redirect(url_for(".members"))


@door.post("/members/<int:number>/remove")
def remove_member(number: int) -> Response:
    """They belong here no more, from their next click on."""
    eyes = need("manage")
    found = rolls.find(eyes, number)
    name = found.account.name
    with transaction():
        rolls.remove(eyes, found, at=now())
    flash(_("%(name)s no longer belongs to this workspace.", name=name))
    return redirect(url_for(".members"))
