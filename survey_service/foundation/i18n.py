"""Words for people: one seam to Babel, so that rooms need not know Flask."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

import flask_babel
from flask_babel import Babel, force_locale, format_date, get_locale, lazy_gettext

__all__ = [
    "LANGUAGES",
    "babel",
    "day",
    "direction",
    "gettext",
    "language",
    "lazy_gettext",
    "moment",
    "ngettext",
    "speaking",
]

#: Shipped languages, each by its own name.
LANGUAGES = {"en": "English", "de": "Deutsch"}

RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}

babel = Babel()


def gettext(message: str, **facts: object) -> str:
    """The message in the language being spoken, its placeholders filled."""
    return str(flask_babel.gettext(message, **facts))


def ngettext(one: str, many: str, num: int, **facts: object) -> str:
    """The message for a number, by the language's own plurals; ``num`` is a placeholder too."""
    return str(flask_babel.ngettext(one, many, num, **facts))


def language() -> str:
    """The language being spoken now, as a code of LANGUAGES."""
    locale = get_locale()
    return str(locale.language) if locale else "en"


def direction() -> str:
    """'ltr' or 'rtl', for the language being spoken now."""
    return "rtl" if language() in RIGHT_TO_LEFT else "ltr"


def speaking(code: str) -> AbstractContextManager[None]:
    """Speak the language inside the block; an unknown one becomes English."""
    return cast(AbstractContextManager[None], force_locale(code if code in LANGUAGES else "en"))


def day(at: datetime, zone: str) -> str:
    """Friday 11 December 2026, as the calendar stands in the zone."""
    return str(format_date(at.astimezone(ZoneInfo(zone)).date(), "full"))


def moment(at: datetime, zone: str) -> str:
    """Friday, 11 December 2026, 17:00 (Berlin)."""
    local = at.astimezone(ZoneInfo(zone))
    place = zone.rsplit("/", 1)[-1].replace("_", " ")
    return f"{day(at, zone)}, {local:%H:%M} ({place})"
