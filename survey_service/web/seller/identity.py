"""Who changes what opens an account shows once more who they are: an open browser alone does not do."""

from flask_login import current_user
from wtforms import PasswordField, StringField

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.installation import installation
from survey_service.web.forms import DoorForm, given, said
from survey_service.workspaces import passwords
from survey_service.workspaces import second_factor as factors


class Proof(DoorForm):
    """The password."""

    password = PasswordField(_l("Your password"), [given(_l("Enter your password."))])


class ProofByCode(Proof):
    """And a code, from whoever has a second factor."""

    code = StringField(
        _l("Code"),
        [given(_l("Enter the code."))],
        description=_l("The six digits your app shows now, or one of your recovery codes."),
    )


def is_them(form: Proof) -> bool:
    """Whether it is the account's owner; else why not stands beside the field.

    The password first: a code is spent only beside the right one.
    """
    account = current_user.account
    if not passwords.fits(said(form.password), account.password_hash):
        form.password.errors = [_("This is not your password.")]
        return False
    if not isinstance(form, ProofByCode):
        return True
    with transaction():
        is_right = factors.use(installation().settings.secret, account, said(form.code), at=now())
    if not is_right:
        form.code.errors = [_("This code is not right, or has been used. Wait for the next one.")]
    return is_right
