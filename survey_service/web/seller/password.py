"""One's own password, changed with the old one at hand."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import PasswordField

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.web import sessions
from survey_service.web.forms import DoorForm, blame, given, said
from survey_service.web.limits import few_tries
from survey_service.web.seller.door import door
from survey_service.workspaces import sign_in as signing_in
from survey_service.workspaces.passwords import WeakPassword


class ChangePassword(DoorForm):
    """The old one, so that an open browser alone does not do, and the new one."""

    old = PasswordField(_l("Your password now"), [given(_l("Enter your password."))])
    new = PasswordField(
        _l("New password"),
        [given(_l("Choose a password."))],
        description=_l("At least 10 characters. A few words do well; no digits or signs are needed."),
    )


@door.route("/account/password", methods=["GET", "POST"])
@few_tries
def change_password() -> Response | str:
    """Change it; every other browser is signed out, and a letter says so."""
    form = ChangePassword()
    if not form.is_sent_well():
        return render_template("seller/password.html", form=form, account=current_user.account)
    try:
        with transaction():
            signing_in.change_password(current_user.account, said(form.old), said(form.new), at=now())
    except WeakPassword as refusal:
        blame(form.new, refusal)
    except signing_in.NotTheOldPassword as refusal:
        blame(form.old, refusal)
    else:
        sessions.go_on(current_user.account)
        flash(_("Your new password is set. Every other browser is signed out."))
        return redirect(url_for(".account"))
    return render_template("seller/password.html", form=form, account=current_user.account)
