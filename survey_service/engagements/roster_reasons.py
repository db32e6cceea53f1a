"""Why a row of a list cannot be taken, in words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from survey_service.engagements.addresses import AddressMalformed, AddressNotAscii, AddressUnseen
from survey_service.foundation.i18n import lazy_gettext as _l

#: Code -> sentence; its placeholders are the facts of the reason.
REASONS: Final[Mapping[str, Any]] = {
    **{one.code: one.sentence for one in (AddressMalformed, AddressUnseen, AddressNotAscii)},
    "duplicate-in-file": _l("%(email)s already stands on line %(line)s."),
    "already-on-roster": _l("%(email)s is already on the roster."),
    "refused-domain": _l(
        "%(domain)s is your own domain. A roster holds people of the buying organisation only, "
        "so that nobody's answer can be singled out."
    ),
    "cells-without-heading": _l(
        "This row has more cells than there are headings: is a name or an address cut in two?"
    ),
    "name-missing": _l("Both name and e-mail address are missing."),
    "name-twice": _l(
        "%(name)s stands on line %(line)s, without an e-mail address too. Add what tells the two apart."
    ),
    "name-taken": _l(
        "%(name)s is already on the roster, without an e-mail address too. Add what tells the two apart."
    ),
    "name-too-long": _l("The name has %(length)s characters; at most %(most)s are possible."),
    "group-missing": _l("The group is missing."),
    "group-too-long": _l("The group's name has %(length)s characters; at most %(most)s are possible."),
    "group-unknown": _l("There is no group “%(group)s” on this roster."),
    "group-reserved": _l("The report uses “%(group)s” for groups shown together. Choose another name."),
    "language-unknown": _l("The language “%(language)s” is not one of those offered."),
    "time-zone-unknown": _l("The time zone “%(time_zone)s” is not known. Write it like Europe/Berlin."),
}


@dataclass(frozen=True)
class Reason:
    """Why a row cannot be taken: a key of REASONS and the facts of its sentence."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(REASONS[self.code]) % self.facts
