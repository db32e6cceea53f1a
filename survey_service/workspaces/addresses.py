"""E-mail addresses of accounts, in one spelling; and domains that belong to no company."""

from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l

LONGEST = 254  # RFC 5321, section 4.5.3.1.3

#: Anyone may have an address here, so sharing the domain says nothing about the employer.
PUBLIC_PROVIDERS = frozenset(
    (Path(__file__).parent / "public_providers.txt").read_text(encoding="utf-8").split()
)


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


def company_domain(email: str) -> str | None:
    """The domain of a normal address; None at a public mail provider."""
    domain = email.rpartition("@")[2]
    return None if domain in PUBLIC_PROVIDERS else domain
