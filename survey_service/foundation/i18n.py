"""Words for people: one seam to Babel, so that rooms need not know Flask."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import flask_babel
from babel.dates import format_date, format_time, get_timezone_location
from babel.lists import format_list
from flask_babel import Babel, force_locale, get_locale, get_translations, lazy_gettext
from jinja2 import Environment

__all__ = [
    "LANGUAGES",
    "apart",
    "babel",
    "day",
    "direction",
    "gettext",
    "language",
    "lazy_gettext",
    "listed",
    "moment",
    "ngettext",
    "speaking",
    "teach",
    "weekday",
]

#: Shipped languages, each by its own name.
LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "ar": "العربية"}

#: English dates put the day first.
DAY_FIRST = {"en": "en_GB"}
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


def apart(text: str) -> str:
    """The text set apart from the words around it where those run from right to left (Unicode UAX 9).

    A name in Latin letters would otherwise draw the full stop or the number beside it to its other side.
    """
    return f"\u2068{text}\u2069" if text and direction() == "rtl" else text


def speaking(code: str) -> AbstractContextManager[None]:
    """Speak the language inside the block; an unknown one becomes English."""
    return cast(AbstractContextManager[None], force_locale(code if code in LANGUAGES else "en"))


def teach(environment: Environment) -> None:
    """Let a Jinja environment beside the app's own speak: ``_``, ``ngettext``, ``{% trans %}``."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True  # as babel.cfg extracts them
    install = cast(Any, environment).install_gettext_callables
    install(
        gettext=lambda message: get_translations().ugettext(message),
        ngettext=lambda one, many, num: get_translations().ungettext(one, many, num),
        newstyle=True,
    )
    environment.globals.update(apart=apart, language=language, direction=direction)


def listed(names: Sequence[str]) -> str:
    """'A', 'A and B' or 'A, B and C', as the language being spoken joins them."""
    return str(format_list(names, locale=_locale())) if names else ""


def day(at: datetime, zone: str) -> str:
    """Friday, 11 December 2026, as the calendar stands in the zone."""
    return str(format_date(at.astimezone(ZoneInfo(zone)).date(), "full", locale=_locale()))


def moment(at: datetime, zone: str) -> str:
    """Friday, 11 December 2026, 17:00 (Berlin), by the language's own clock and name of the place."""
    local = at.astimezone(ZoneInfo(zone))
    return gettext(
        "%(day)s, %(time)s (%(place)s)",
        day=day(at, zone),
        time=str(format_time(local.timetz(), "short", locale=_locale())),
        place=_place(zone),
    )


def _locale() -> str:
    return DAY_FIRST.get(language(), language())


def _place(zone: str) -> str:
    """The zone's city; of a city that needs its country ('Argentina/Salta') the city alone."""
    named = str(get_timezone_location(ZoneInfo(zone), locale=_locale(), return_city=True))
    return named.rsplit("/", 1)[-1]


def weekday(at: datetime, zone: str) -> str:
    """Friday, as the calendar stands in the zone."""
    return str(format_date(at.astimezone(ZoneInfo(zone)).date(), "EEEE", locale=_locale()))
