"""Redis, where several processes count together how often somebody tries a door."""

from typing import Final
from urllib.parse import urlsplit

from limits.errors import ConfigurationError
from limits.storage import storage_from_string

from survey_service.foundation.settings import SettingsError

#: Seconds: a Redis that hangs must not hold up the pages.
OPTIONS: Final = {"socket_connect_timeout": 1, "socket_timeout": 1}


def answers(url: str) -> bool:
    """Whether a Redis is there and lets us in."""
    try:
        return storage_from_string(url, **OPTIONS).check() is True
    except (ConfigurationError, OSError):
        return False


def need(url: str | None) -> None:
    """Before the site starts: refuse where Redis is set and does not answer. Raises SettingsError."""
    if url is not None and not answers(url):
        parts = urlsplit(url)
        raise SettingsError(
            f"SURVEY_LIMITS_URL names a Redis at {parts.hostname}:{parts.port or 6379} that does not answer, "
            "or not to that password. Start it or correct the setting; unset, each process counts for itself."
        )
