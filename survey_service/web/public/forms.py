"""What the public pages ask for."""

from wtforms import EmailField, PasswordField, StringField

from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.web.forms import DoorForm, address, at_most, beside, given, no_address, one_line, said
from survey_service.workspaces.passwords import weigh

PERSON = 80
WORKSPACE = 80


def _workspace() -> StringField:
    return StringField(
        _l("Workspace"),
        [given(_l("Give the workspace a name, for example your company’s.")), at_most(WORKSPACE), no_address],
        filters=[one_line],
        description=_l("Your company’s name. Everyone you ask will see it."),
    )


def _person() -> StringField:
    return StringField(
        _l("Your name"),
        [given(_l("Enter your name.")), at_most(PERSON), no_address],
        filters=[one_line],
    )


def _new_password() -> PasswordField:
    return PasswordField(
        _l("Password"),
        [given(_l("Choose a password."))],
        description=_l("At least 10 characters. A few words do well; no digits or signs are needed."),
    )


class SignUp(DoorForm):
    """A new workspace and its owner."""

    name = _person()
    email = EmailField(_l("Work e-mail address"), [given(_l("Enter your e-mail address.")), address])
    workspace = _workspace()
    password = _new_password()

    def validate_password(self, field: PasswordField) -> None:
        """Long enough, and not to be guessed from the other fields."""
        known = (said(self.email), said(self.workspace), said(self.name))
        with beside():
            weigh(said(field), known=known)


class SignIn(DoorForm):
    """Address and password."""

    email = EmailField(_l("E-mail address"), [given(_l("Enter your e-mail address."))])
    password = PasswordField(_l("Password"), [given(_l("Enter your password."))])


class Code(DoorForm):
    """The second factor."""

    code = StringField(
        _l("Code"),
        [given(_l("Enter the code."))],
        description=_l("The six digits your app shows now, or one of your recovery codes."),
    )


class AskReset(DoorForm):
    """Whose password is lost."""

    email = EmailField(_l("E-mail address"), [given(_l("Enter your e-mail address.")), address])


class LostLink(DoorForm):
    """Where the letter with the link was sent."""

    email = EmailField(_l("E-mail address"), [given(_l("Enter your e-mail address."))])


class NewPassword(DoorForm):
    """A password to replace the old one."""

    password = _new_password()


class JoinAnew(DoorForm):
    """An invited colleague who has no account yet."""

    name = _person()
    password = _new_password()


class NewWorkspace(DoorForm):
    """A workspace for somebody who has an account."""

    workspace = _workspace()
