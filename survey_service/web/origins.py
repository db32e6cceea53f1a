"""Posts come from our own pages: browsers say where from, and what comes from elsewhere is refused.

Beside the token of each form, not in its place: older browsers say nothing. The header Referer cannot tell,
because our pages ask browsers to send none.
"""

from urllib.parse import urlsplit

from flask import Flask, abort, request

from survey_service.web.sessions import WITH_SESSION

#: What a browser says of a form sent by our own page, or sent again by its own button.
OURS = frozenset({"same-origin", "none"})


def _need_our_own() -> None:
    if request.method == "POST" and request.blueprint in WITH_SESSION and not _is_ours():
        abort(400)


def _is_ours() -> bool:
    """The host asked for has been checked before. Without a referrer a browser's origin is 'null'."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in OURS
    origin = request.headers.get("Origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.host


def init_app(app: Flask) -> None:
    """Look at every post to a door with a session."""
    app.before_request(_need_our_own)
