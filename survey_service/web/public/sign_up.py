"""Signing up, and confirming the address."""

from flask import flash, redirect, render_template, session, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import language
from survey_service.foundation.installation import installation
from survey_service.web.forms import DoorForm, said
from survey_service.web.limits import few_tries
from survey_service.web.public.door import door
from survey_service.web.public.forms import SignUp
from survey_service.workspaces import links
from survey_service.workspaces import sign_in as signing_in


@door.route("/sign-up", methods=["GET", "POST"])
@few_tries
def sign_up() -> Response | str:
    """Make a workspace; what follows looks the same for known and unknown addresses."""
    form = SignUp()
    if not form.is_sent_well():
        return render_template("public/sign_up.html", form=form)
    _sign_up(form)
    session["email"] = said(form.email)
    return redirect(url_for(".look_into_mailbox"))


def _sign_up(form: SignUp) -> None:
    try:
        with transaction():
            signing_in.sign_up(
                name=said(form.name),
                email=said(form.email),
                password=said(form.password),
                workspace_name=said(form.workspace),
                language=language(),
                at=now(),
            )
    except IntegrityError:  # two clicks at once on PostgreSQL: the first one's letter is on its way
        return


@door.get("/look-into-your-mailbox")
def look_into_mailbox() -> str:
    """A letter is on its way."""
    return render_template("public/look_into_mailbox.html", email=session.get("email"))


@door.route("/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> Response | str | tuple[str, int]:
    """Mail scanners open links, so that opening it only shows a button; pressing it confirms."""
    account = links.confirming(installation().settings.secret, token)
    if account is None:
        return render_template("public/link_void.html", back=url_for(".sign_in"), go_on=_("Sign in")), 410
    form = DoorForm()
    if account.confirmed_at is None and not form.is_sent_well():
        return render_template("public/confirm.html", form=form, email=account.email)
    with transaction():
        signing_in.confirm(account, at=now())
    session["email"] = account.email
    flash(_("Your address is confirmed. You can sign in now."))
    return redirect(url_for(".sign_in"))
