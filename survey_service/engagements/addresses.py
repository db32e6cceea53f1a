"""One e-mail address as a person types it: read, brought to one form, or refused in words. Pure."""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any, ClassVar, Final, NamedTuple

from email_validator import validate_email

from survey_service.engagements.roster_words import PUBLIC_PROVIDERS, UNSEEN, tidy
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l

PLAIN: Final = re.compile(r"([a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*)@([a-z0-9.-]+)")
NAMED: Final = re.compile(r"([^<>]*)<([^<>]+)>")
QUOTES: Final = (('"', '"'), ("'", "'"), ("“", "”"), ("„", "“"), ("<", ">"))
LONGEST_TYPED: Final = 1000  #: characters, a name beside the address included
LONGEST: Final = 254  #: characters of an address on the wire (RFC 5321)
LONGEST_LOCAL: Final = 64
BLANK: Final = " \t\r\n\u00a0\u200b\ufeff"  #: around an address; alone, there is none


class AddressRefused(Refusal):
    """A text that is not one e-mail address letters can be sent to. ``code`` names why."""

    code: ClassVar[str]


class AddressMissing(AddressRefused):
    """Nothing is there."""

    code = "address-missing"
    sentence = _l("The e-mail address is missing.")


class AddressMalformed(AddressRefused):
    """It is no address, or more than one."""

    code = "address-malformed"
    sentence = _l("This is not an e-mail address that letters can be sent to.")


class AddressUnseen(AddressRefused):
    """It holds line breaks or other characters that nobody can see."""

    code = "address-unseen"
    sentence = _l("The e-mail address contains a line break or another invisible character. Type it again.")


class AddressNotAscii(AddressRefused):
    """Letters before the @ that most mail servers cannot deliver to."""

    code = "address-not-ascii"
    sentence = _l("Before the @ there is a letter with an accent or from another alphabet. Type it without.")


class Address(NamedTuple):
    """An address in lower case, its domain as mail servers see it (xn--...); the name beside it, or ""."""

    email: str
    display_name: str = ""

    @property
    def domain(self) -> str:
        """What follows the @."""
        return self.email.rpartition("@")[2]


def read_address(text: str) -> Address:
    """The one address in the text: bare, in quotes, after ``mailto:``, or as ``Ada <ada@x.org>``.

    Raises AddressMissing, AddressUnseen, AddressNotAscii or AddressMalformed.
    """
    plain = _plain(text)
    if plain:
        return Address(plain)
    bare = text.strip(BLANK)
    if not bare:
        raise AddressMissing
    if len(bare) > LONGEST_TYPED:
        raise AddressMalformed
    if UNSEEN.search(bare):
        raise AddressUnseen
    named = NAMED.fullmatch(bare)
    if named:
        return Address(_checked(named[2]), tidy(_unquoted(named[1])))
    return Address(_checked(bare))


def owned_domains(addresses: Iterable[str]) -> frozenset[str]:
    """The domains of these addresses, public mail providers left aside."""
    return frozenset(one.rpartition("@")[2].lower() for one in addresses) - PUBLIC_PROVIDERS


def is_within(domain: str, domains: Collection[str]) -> bool:
    """Whether the domain is one of these or lies below one of them."""
    labels = domain.split(".")
    return any(".".join(labels[start:]) in domains for start in range(len(labels) - 1))


def _plain(text: str) -> str | None:
    """The short way for nearly every address: no quotes, ASCII only, domain seen before."""
    found = PLAIN.fullmatch(text.lower()) if len(text) <= LONGEST and text.isascii() else None
    if not found:
        return None
    local, domain = found.groups()
    return found[0] if len(local) <= LONGEST_LOCAL and _is_domain(domain) else None


@lru_cache(maxsize=4096)
def _is_domain(domain: str) -> bool:
    try:
        _validated(f"a@{domain}")
    except AddressRefused:
        return False
    return True


def _checked(text: str) -> str:
    bare = re.sub("^mailto:", "", _unquoted(text), flags=re.IGNORECASE)
    return _plain(bare) or _validated(bare)


def _validated(text: str) -> str:
    try:
        # test_environment admits .test (RFC 6761), which rehearsals use; no name is looked up either way.
        found: Any = validate_email(
            text, allow_quoted_local=True, strict=True, check_deliverability=False, test_environment=True
        )
    except ValueError as trouble:
        raise AddressMalformed from trouble
    if found.ascii_email is None:
        raise AddressNotAscii
    if "." not in found.ascii_domain:
        raise AddressMalformed
    return str(found.ascii_email).lower()


def _unquoted(text: str) -> str:
    bare = text.strip()
    for opening, closing in QUOTES:
        if len(bare) > 1 and bare.startswith(opening) and bare.endswith(closing):
            return bare[1:-1].strip()
    return bare
