"""One's own account under another address: asked for here, done by the letter in the new mailbox."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import EmailField, PasswordField, StringField

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.installation import installation
from survey_service.web.forms import DoorForm, address, blame, given, said
from survey_service.web.limits import few_letters, few_tries
from survey_service.web.seller.door import door
from survey_service.workspaces import moving, passwords
from survey_service.workspaces import second_factor as factors


class ChangeAddress(DoorForm):
    """Where the account moves; password and code, so that an open browser alone does not do."""

    email = EmailField(
        _l("New e-mail address"),
        [given(_l("Enter the new e-mail address.")), address],
        description=_l("A letter goes there. Nothing changes until you press the button in it."),
    )
    password = PasswordField(_l("Your password"), [given(_l("Enter your password."))])


class ChangeAddressByCode(ChangeAddress):
    """For whoever has a second factor."""

    code = StringField(
        _l("Code"),
        [given(_l("Enter the code."))],
        description=_l("The six digits your app shows now, or one of your recovery codes."),
    )


@door.route("/account/address", methods=["GET", "POST"])
@few_tries
@few_letters
def change_address() -> Response | str:
    """Ask for it; the answer is the same whether the address has an account or not."""
    has_factor = current_user.account.totp_nonce is not None
    form = ChangeAddressByCode() if has_factor else ChangeAddress()
    if not form.is_sent_well() or not _is_them(form):
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


def _is_them(form: ChangeAddress) -> bool:
    """The password first: a code is spent only beside the right one."""
    account = current_user.account
    if not passwords.fits(said(form.password), account.password_hash):
        form.password.errors = [_("This is not your password.")]
        return False
    if not isinstance(form, ChangeAddressByCode):
        return True
    with transaction():
        is_right = factors.use(installation().settings.secret, account, said(form.code), at=now())
    if not is_right:
        form.code.errors = [_("This code is not right, or has been used. Wait for the next one.")]
    return is_right


def _page(form: ChangeAddress) -> str:
    return render_template("seller/new_address.html", form=form, account=current_user.account)
