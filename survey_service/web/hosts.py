"""The name a request was sent to: only the installation's own is answered, and no path before ours."""

import re
from functools import cache
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from survey_service.foundation.installation import installation
from survey_service.foundation.settings import Settings

#: Watchers ask by address, inside the network; these pages use no host name.
FOR_WATCHERS = frozenset({"public.healthz", "public.readyz"})
NAME = re.compile(r"[\w.:\[\]-]*", re.ASCII)
AT_HOME = frozenset({"localhost", "127.0.0.1", "::1"})


def _check(endpoint: str | None, _values: object) -> None:
    is_ours = _hostname() in _own(installation().settings) and not request.root_path.strip("/")
    if endpoint not in FOR_WATCHERS and not is_ours:
        abort(Response("This server does not answer to that name.\n", 400, content_type="text/plain"))


@cache
def _own(settings: Settings) -> frozenset[str | None]:
    return frozenset({urlsplit(settings.base_url).hostname}) | (
        AT_HOME if settings.development else frozenset()
    )


def _hostname() -> str | None:
    host = str(request.environ.get("HTTP_HOST", ""))
    if not NAME.fullmatch(host):  # a user before it, or a path after it, is for no server to read
        return None
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def init_app(app: Flask) -> None:
    """Check before anything else is done: doors by link look their link up while the address is read."""
    app.url_value_preprocessor(_check)
