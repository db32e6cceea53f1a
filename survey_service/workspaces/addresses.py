"""E-mail addresses of accounts, in one spelling."""

from email_validator import EmailNotValidError, validate_email

from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l

LONGEST = 254  # RFC 5321, section 4.5.3.1.3


class BadAddress(Refusal):
    """Not an e-mail address."""

    sentence = _l("This does not look like an e-mail address. It should read like name@company.com.")


def normal(email: str) -> str:
    """The address in lower case and NFC, so that one mailbox is one account. Raises BadAddress.

    Whether letters arrive is not asked here: the confirmation letter finds out.
    """
    try:
        checked = validate_email(email.strip(), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise BadAddress from None
    if "." not in checked.domain or len(checked.normalized) > LONGEST:
        raise BadAddress
    return checked.normalized.lower()
