"""The name a request was sent to: only the installation's own is answered, and no path before ours."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from survey_service.foundation.settings import Settings

#: Watchers ask by address, inside the network; these pages use no host name.
FOR_WATCHERS = frozenset({"public.healthz", "public.readyz"})
NAME = re.compile(r"[\w.:\[\]-]*", re.ASCII)
AT_HOME = frozenset({"localhost", "127.0.0.1", "::1"})


def names(settings: Settings) -> frozenset[str | None]:
    """The installation's own host names."""
    return frozenset({urlsplit(settings.base_url).hostname}) | (
        AT_HOME if settings.development else frozenset()
    )


def _hostname(host: str) -> str | None:
    if not NAME.fullmatch(host):  # a user before it, or a path after it, is for no server to read
        return None
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def init_app(app: Flask) -> None:
    """Check before anything else is done: doors by link look their link up while the address is read."""
    own = names(app.extensions["installation"].settings)

    @lru_cache(maxsize=64)
    def is_own(host: str) -> bool:
        return _hostname(host) in own

    @app.url_value_preprocessor
    def check(endpoint: str | None, _values: object) -> None:
        asked = request.environ
        is_ours = is_own(asked.get("HTTP_HOST", "")) and not asked.get("SCRIPT_NAME", "").strip("/")
        if endpoint not in FOR_WATCHERS and not is_ours:
            abort(Response("This server does not answer to that name.\n", 400, content_type="text/plain"))
