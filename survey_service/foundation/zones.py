"""Time zones by their IANA names; a name nobody knows is passed over."""

from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=1024)
def known(*names: str | None) -> str:
    """The first of these that is a time zone on this machine; UTC where none is."""
    return next((name for name in names if name and _is_zone(name)), "UTC")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # a folder of zones, a path, a name that is not there
        return False
    return True
