"""Time zones to choose from: likely ones first, the rest by region, each by its city."""

from functools import cache
from zoneinfo import available_timezones

from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import language
from survey_service.foundation.i18n import lazy_gettext as _l

#: Language -> zones of the places where it is most spoken by those who work in offices.
LIKELY = {
    "en": ("Europe/London", "Europe/Dublin", "America/New_York", "America/Chicago", "America/Los_Angeles"),
    "de": ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich"),
    "fr": ("Europe/Paris", "Europe/Brussels", "Europe/Zurich", "America/Montreal"),
    "es": ("Europe/Madrid", "America/Mexico_City", "America/Bogota", "America/Argentina/Buenos_Aires"),
    "ar": ("Asia/Riyadh", "Asia/Dubai", "Africa/Cairo", "Asia/Beirut"),
}
ALWAYS = ("Europe/Berlin", "Europe/London", "America/New_York", "UTC")
REGIONS = {
    "Europe": _l("Europe"),
    "America": _l("America"),
    "Asia": _l("Asia"),
    "Africa": _l("Africa"),
    "Australia": _l("Australia"),
    "Pacific": _l("Pacific"),
    "Atlantic": _l("Atlantic"),
    "Indian": _l("Indian Ocean"),
    "Antarctica": _l("Antarctica"),
    "Arctic": _l("Arctic"),
}


@cache
def names() -> frozenset[str]:
    """Every zone that may be chosen."""
    return frozenset(
        zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")
    ) | {"UTC"}


def grouped() -> dict[str, dict[str, str]]:
    """Region -> zone -> its city, for a select with groups; likely ones for the language spoken first."""
    likely = [zone for zone in dict.fromkeys((*LIKELY.get(language(), ()), *ALWAYS)) if zone in names()]
    regions = _by_region()
    rest = {
        region: {zone: city for zone, city in places.items() if zone not in likely}
        for region, places in regions.items()
    }
    return {
        _("Likely"): {zone: _city(zone) for zone in likely},
        **{str(said): rest[region] for region, said in REGIONS.items() if rest.get(region)},
        _("Other names"): {zone: zone for zone in rest.get("", {})},
    }


@cache
def _by_region() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for zone in sorted(names() - {"UTC"}, key=_city):
        region = zone.partition("/")[0]
        found.setdefault(region if region in REGIONS else "", {})[zone] = _city(zone)
    return found


def _city(zone: str) -> str:
    """'Salta, Argentina' for America/Argentina/Salta."""
    places = zone.split("/")[1:] or [zone]
    return ", ".join(place.replace("_", " ") for place in reversed(places))
