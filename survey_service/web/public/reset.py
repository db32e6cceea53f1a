"""A new password for whoever lost theirs, by letter."""

from flask import flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.installation import installation
from survey_service.web.forms import blame, said
from survey_service.web.limits import few_tries
from survey_service.web.public.door import door
from survey_service.web.public.forms import AskReset, NewPassword
from survey_service.workspaces import links
from survey_service.workspaces import sign_in as signing_in
from survey_service.workspaces.passwords import WeakPassword


@door.route("/forgotten-password", methods=["GET", "POST"])
@few_tries
def ask_reset() -> Response | str:
    """Send a letter, if there is an account; the page is the same if there is none."""
    form = AskReset(email=session.get("email", ""))
    if not form.is_sent_well():
        return render_template("public/ask_reset.html", form=form)
    with transaction():
        signing_in.ask_reset(said(form.email), at=now())
    session["email"] = said(form.email)
    return redirect(url_for(".look_into_mailbox"))


@door.route("/reset/<token>", methods=["GET", "POST"])
@few_tries
def reset(token: str) -> Response | str | tuple[str, int]:
    """Choose the new password; the link is spent by setting it, not by opening it."""
    account = links.resetting(installation().settings.secret, token)
    if account is None:
        ask = {"back": url_for(".ask_reset"), "go_on": _("Ask for a new link")}
        return render_template("public/link_void.html", **ask), 410
    form = NewPassword()
    if not form.is_sent_well():
        return render_template("public/reset.html", form=form, email=account.email)
    try:
        with transaction():
            signing_in.reset(account, said(form.password), at=now())
    except WeakPassword as refusal:
        blame(form.password, refusal)
        return render_template("public/reset.html", form=form, email=account.email)
    session["email"] = account.email
    flash(_("Your new password is set. Sign in with it now."))
    return redirect(url_for(".sign_in"))
