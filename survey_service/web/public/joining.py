"""Accepting an invitation into a workspace."""

from flask import redirect, render_template, session
from flask_login import current_user
from werkzeug.wrappers import Response

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import NotFound
from survey_service.foundation.i18n import language
from survey_service.foundation.installation import installation
from survey_service.web import sessions
from survey_service.web.forms import DoorForm, blame, said
from survey_service.web.limits import few_tries
from survey_service.web.public.door import door
from survey_service.web.public.forms import JoinAnew
from survey_service.web.public.ways import DESK
from survey_service.workspaces import links, members
from survey_service.workspaces.models import MemberInvitation
from survey_service.workspaces.passwords import WeakPassword

Page = Response | str | tuple[str, int]


@door.route("/join/<token>", methods=["GET", "POST"])
@few_tries
def join(token: str) -> Page:
    """What is shown depends on who opens the link: the invited account, somebody else, or somebody new."""
    asked = links.invited(installation().settings.secret, token)
    if asked is None:
        return render_template("public/invitation_void.html"), 410
    if current_user.is_authenticated:
        is_theirs = current_user.account.email == asked.email
        return _as_member(asked, token) if is_theirs else _as_somebody_else(asked)
    if members.needs_account(asked):
        return _anew(asked, token)
    session["email"] = asked.email
    return render_template("public/join_sign_in.html", asked=asked)


def _as_somebody_else(asked: MemberInvitation) -> Page:
    return render_template("public/join_other.html", asked=asked, account=current_user.account), 409


def _still(token: str) -> MemberInvitation:
    """The invitation as it stands inside the transaction: a second click may have been faster."""
    asked = links.invited(installation().settings.secret, token)
    if asked is None:
        raise NotFound
    return asked


def _as_member(asked: MemberInvitation, token: str) -> Page:
    form = DoorForm()
    if not form.is_sent_well():
        return render_template("public/join.html", asked=asked, form=form)
    key = asked.workspace.key
    with transaction():
        members.accept(_still(token), current_user.account, at=now())
    session["workspace"] = key
    return redirect(DESK)


def _anew(asked: MemberInvitation, token: str) -> Page:
    form = JoinAnew()
    if not form.is_sent_well():
        return render_template("public/join_anew.html", asked=asked, form=form)
    key = asked.workspace.key
    try:
        with transaction():
            account = members.join_anew(
                _still(token),
                name=said(form.name),
                password=said(form.password),
                language=language(),
                at=now(),
            )
    except WeakPassword as refusal:
        blame(form.password, refusal)
        return render_template("public/join_anew.html", asked=asked, form=form)
    sessions.begin(account)
    session["workspace"] = key
    return redirect(DESK)
