"""Headers every answer carries."""

from flask import Flask, Response, request

from survey_service.foundation.installation import installation
from survey_service.web import packaged

POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'self' {packaged.ask_style_source()}",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-src 'self'",
        "base-uri 'none'",
    )
)
#: Pages that stand in a frame of one of our own pages; no other page may stand in any,
#: but for a shared report whose sharer names the one site that may (web/reader/reading.py).
FRAMED = frozenset({"seller.preview_page", "seller.preview_instrument_page", "mailbox.html"})
HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
FRAMED_HEADERS = {**HEADERS, "Content-Security-Policy": f"{POLICY}; frame-ancestors 'self'"}


def framed_by(origin: str) -> str:
    """The policy of a page that one site elsewhere may frame; ``origin``: as ``shares.origin`` gives it."""
    return f"{POLICY}; frame-ancestors {origin}"


def add(response: Response) -> Response:
    """The headers of this page."""
    endpoint = request.endpoint
    if "Content-Security-Policy" not in response.headers:
        response.headers.extend(FRAMED_HEADERS if endpoint in FRAMED else HEADERS)
    else:  # a page with a policy of its own
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
    if endpoint == "static" and (request.view_args or {}).get("mark") == packaged.mark():
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    # Sent whether or not a proxy says how the request came: browsers heed it over TLS alone.
    if installation().settings.base_url.startswith("https:"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def init_app(app: Flask) -> None:
    """Add the headers after every request."""
    app.after_request(add)
