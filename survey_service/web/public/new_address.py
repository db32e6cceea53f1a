"""The letter in the new mailbox: an account moves there."""

from flask import flash, redirect, render_template, session, url_for
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.installation import installation
from survey_service.web import sessions
from survey_service.web.forms import DoorForm
from survey_service.web.limits import few_tries
from survey_service.web.public.door import door
from survey_service.workspaces import links, moving
from survey_service.workspaces.models import Account


@door.route("/new-address/<token>", methods=["GET", "POST"])
@few_tries
def new_address(token: str) -> Response | str | tuple[str, int]:
    """Mail scanners open links, so that opening it only shows a button; pressing it moves the account."""
    account = links.moving(installation().settings.secret, token)
    if account is None:
        return render_template("public/link_void.html", back=url_for(".sign_in"), go_on=_("Sign in")), 410
    if not (form := DoorForm()).is_sent_well():
        return render_template("public/new_address.html", form=form, account=account)
    is_theirs = current_user.is_authenticated and current_user.account.id == account.id
    _move(account)
    if is_theirs:
        sessions.go_on(account)
    session["email"] = account.email
    flash(
        _("From now on you sign in as %(address)s. Every other browser is signed out.", address=account.email)
    )
    return redirect(url_for("seller.account" if is_theirs else ".sign_in"))


def _move(account: Account) -> None:
    """Raises AddressGone, also where somebody else's button for the same address was faster."""
    try:
        with transaction():
            moving.confirm(account, at=now())
    except IntegrityError as fault:
        raise moving.AddressGone from fault
