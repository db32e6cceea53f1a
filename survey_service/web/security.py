"""Headers every answer carries."""

from flask import Flask, Response, request

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
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def _add(response: Response) -> Response:
    if "Content-Security-Policy" not in response.headers:
        response.headers.extend(HEADERS)
    else:  # a page with a policy of its own
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
    if request.endpoint == "static" and (request.view_args or {}).get("mark") == packaged.mark():
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def init_app(app: Flask) -> None:
    """Add the headers after every request."""
    app.after_request(_add)
