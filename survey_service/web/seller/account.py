"""One's own account: the second factor, and ending sessions elsewhere."""

import segno
from flask import flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import StringField

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.installation import installation
from survey_service.web import sessions
from survey_service.web.forms import given, said
from survey_service.web.limits import few_tries
from survey_service.web.seller.door import door
from survey_service.web.seller.identity import Proof, ProofByCode, is_them
from survey_service.workspaces import moving
from survey_service.workspaces import second_factor as factors
from survey_service.workspaces import sessions as browsers


class TurnOn(Proof):
    """The password, and a code to see that the app has the secret."""

    code = StringField(_l("The six digits it shows now"), [given(_l("Enter the code your app shows."))])


@door.get("/account")
def account() -> str:
    """What there is to decide."""
    owner = current_user.account
    limits = sessions.limits(installation().settings)
    return render_template(
        "seller/account.html",
        account=owner,
        sessions=browsers.listed(owner, limits, at=now()),
        here=current_user.session_id,
        wanted=moving.pending(owner, at=now()),
    )


@door.route("/account/second-factor", methods=["GET", "POST"])
@few_tries
def turn_on() -> Response | str:
    """Show the secret, check a code, then show the recovery codes once."""
    if current_user.account.totp_nonce is not None:
        return redirect(url_for(".account"))
    key = installation().settings.secret
    nonce = session.setdefault("new_factor", factors.fresh_nonce())
    form = TurnOn()
    if form.is_sent_well() and is_them(form):
        if factors.is_right(key, current_user.account, nonce, said(form.code), at=now()):
            return _turned_on(nonce)
        form.code.errors = [_("This is not the code of these 30 seconds. Is the clock of your phone right?")]
    return render_template(
        "seller/turn_on.html",
        form=form,
        secret=factors.secret(key, current_user.account, nonce),
        picture=_picture(factors.address(key, current_user.account, nonce)),
    )


def _turned_on(nonce: str) -> str:
    with transaction():
        codes = factors.turn_on(current_user.account, nonce, at=now())
    sessions.go_on(current_user.account)
    return render_template("seller/recovery.html", codes=codes)


@door.route("/account/second-factor/off", methods=["GET", "POST"])
@few_tries
def turn_off() -> Response | str:
    """Back to the password alone."""
    if current_user.account.totp_nonce is None:
        return redirect(url_for(".account"))
    form = ProofByCode()
    if form.is_sent_well() and is_them(form):
        with transaction():
            factors.turn_off(current_user.account, at=now())
        sessions.go_on(current_user.account)
        flash(_("The second factor is off."))
        return redirect(url_for(".account"))
    return render_template("seller/turn_off.html", form=form)


@door.post("/account/sessions/<int:number>/end")
def end_session(number: int) -> Response:
    """Sign one other browser out."""
    with transaction():
        browsers.end(current_user.account, number)
    flash(_("That browser is signed out."))
    return redirect(url_for(".account"))


@door.post("/account/sign-out-everywhere")
def sign_out_everywhere() -> Response:
    """Every session of the account ends but this one; the button says that it was pressed."""
    if "everywhere" not in request.form:
        return redirect(url_for(".account"))
    with transaction():
        browsers.end_all(current_user.account)
    sessions.go_on(current_user.account)
    flash(_("Every other browser is signed out."))
    return redirect(url_for(".account"))


def _picture(address: str) -> Markup:
    """A QR code of the address, drawn on this server."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(border=2, light="white", omitsize=True)
    return Markup(drawn)  # noqa: S704 - segno's own drawing
