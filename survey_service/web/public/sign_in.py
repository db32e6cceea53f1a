"""Signing in and out."""

import logging

from flask import redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from survey_service.foundation.clock import now
from survey_service.foundation.db import db, transaction
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.installation import installation
from survey_service.web import sessions
from survey_service.web.forms import said
from survey_service.web.limits import few_tries
from survey_service.web.public.door import door
from survey_service.web.public.forms import Code, NewWorkspace, SignIn
from survey_service.web.public.ways import DESK, local
from survey_service.workspaces import making
from survey_service.workspaces import second_factor as factors
from survey_service.workspaces import sign_in as signing_in
from survey_service.workspaces.models import Account

log = logging.getLogger(__name__)

HALF_WAY_SECONDS = 600


@door.route("/sign-in", methods=["GET", "POST"])
@few_tries
def sign_in() -> Response | str:
    """Ask for address and password, then go where one was going."""
    if current_user.is_authenticated:
        return redirect(local(request.args.get("next")))
    form = SignIn(email=session.get("email", ""))
    if not form.is_sent_well():
        return render_template("public/sign_in.html", form=form)
    with transaction():
        account = signing_in.check(said(form.email), said(form.password))
    if account is None:
        log.info("signing in refused")
        form.password.errors = [_("The address and the password do not fit together. Try again.")]
        return render_template("public/sign_in.html", form=form)
    if account.confirmed_at is None:
        session["unconfirmed"] = account.id
        return redirect(url_for(".unconfirmed"))
    if account.totp_nonce is not None:
        session["half"] = [account.id, account.session_epoch, now().timestamp()]
        return redirect(url_for(".second_factor", next=request.args.get("next")))
    sessions.begin(account)
    log.info("account %s signed in", account.id)
    return redirect(local(request.args.get("next")))


@door.route("/sign-in/code", methods=["GET", "POST"])
@few_tries
def second_factor() -> Response | str:
    """The password was right; a code of the app, or a recovery code, makes it whole."""
    account = _half_way()
    if account is None:
        return redirect(url_for(".sign_in"))
    form = Code()
    if not form.is_sent_well():
        return render_template("public/code.html", form=form)
    with transaction():
        is_right = factors.use(installation().settings.secret, account, said(form.code), at=now())
    if not is_right:
        log.info("account %s: second factor refused", account.id)
        form.code.errors = [_("This code is not right, or has been used. Wait for the next one.")]
        return render_template("public/code.html", form=form)
    sessions.begin(account)
    log.info("account %s signed in", account.id)
    return redirect(local(request.args.get("next")))


def _half_way() -> Account | None:
    """Whose password was right in this browser within the last ten minutes."""
    number, epoch, since = session.get("half") or (0, 0, 0)
    account = db.session.get(Account, number)
    is_fresh = now().timestamp() - since < HALF_WAY_SECONDS
    return account if account and account.session_epoch == epoch and is_fresh else None


@door.route("/sign-in/unconfirmed", methods=["GET", "POST"])
@few_tries
def unconfirmed() -> Response | str:
    """The password was right and the address is not confirmed: offer to send the letter again."""
    account = db.session.get(Account, session.get("unconfirmed", 0))
    if account is None or account.confirmed_at is not None:
        return redirect(url_for(".sign_in"))
    if request.method == "GET":
        return render_template("public/unconfirmed.html", email=account.email)
    with transaction():
        signing_in.ask_confirmation(account, at=now())
    return redirect(url_for(".look_into_mailbox"))


@door.post("/sign-out")
def sign_out() -> Response:
    """End this session; the language stays."""
    spoken = session.get("language")
    sessions.end()
    logout_user()
    session.clear()
    if spoken:
        session["language"] = spoken
    return redirect(local(request.form.get("next", url_for(".landing"))))


@door.route("/no-workspace", methods=["GET", "POST"])
def no_workspace() -> Response | str:
    """For an account that belongs to no workspace any more: wait to be invited, or make one."""
    if not current_user.is_authenticated:
        return redirect(url_for(".sign_in"))
    form = NewWorkspace()
    if not form.is_sent_well():
        return render_template("public/no_workspace.html", form=form, account=current_user.account)
    with transaction():
        session["workspace"] = making.found_workspace(
            current_user.account, said(form.workspace), at=now()
        ).key
    return redirect(DESK)
