"""One's own account under another address: asked for here, done by the letter in the new mailbox."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import EmailField

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.web.forms import address, blame, given, said
from survey_service.web.limits import few_letters, few_tries
from survey_service.web.seller.door import door
from survey_service.web.seller.identity import Proof, ProofByCode, is_them
from survey_service.workspaces import moving


class ChangeAddress(Proof):
    """Where the account moves; password and code, so that an open browser alone does not do."""

    email = EmailField(
        _l("New e-mail address"),
        [given(_l("Enter the new e-mail address.")), address],
        description=_l("A letter goes there. Nothing changes until you press the button in it."),
    )


class ChangeAddressByCode(ChangeAddress, ProofByCode):
    """For whoever has a second factor."""


@door.route("/account/address", methods=["GET", "POST"])
@few_tries
@few_letters
def change_address() -> Response | str:
    """Ask for it; the answer is the same whether the address has an account or not."""
    has_factor = current_user.account.totp_nonce is not None
    form = ChangeAddressByCode() if has_factor else ChangeAddress()
    if not form.is_sent_well() or not is_them(form):
        return _page(form)
    try:
        with transaction():
            moving.ask(current_user.account, said(form.email), at=now())
    except Refusal as refusal:
        blame(form.email, refusal)
        return _page(form)
    flash(_("A letter to %(address)s is on its way.", address=said(form.email)))
    return redirect(url_for(".account"))


@door.post("/account/address/take-back")
def keep_address() -> Response:
    """The account stays where it is; the link in the letter is void."""
    with transaction():
        moving.take_back(current_user.account)
    flash(_("Your address stays as it is."))
    return redirect(url_for(".account"))


def _page(form: ChangeAddress) -> str:
    return render_template("seller/new_address.html", form=form, account=current_user.account)
