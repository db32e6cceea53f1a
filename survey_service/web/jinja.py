"""What every template knows: words, moments, and the address of a static file."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, has_request_context, request, session, url_for

from survey_service.foundation import i18n
from survey_service.foundation.i18n import LANGUAGES, babel, listed
from survey_service.journal import EVENTS
from survey_service.reports.phrases import part_name
from survey_service.web.audiences import BY_LINK

STATIC = Path(__file__).parent.parent / "static"


@cache
def _mark(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a packaged file; it changes when the file does: browsers may keep it."""
    return url_for("static", filename=name, v=_mark(name))


def _choose() -> str | None:
    """The language asked for in the address, kept in the session, or the browser's; None at the shell.

    Doors opened by a link read no cookie.
    """
    if not has_request_context():
        return None
    kept = None if request.blueprint in BY_LINK else session.get("language")
    asked = request.args.get("language") or kept
    return asked if asked in LANGUAGES else request.accept_languages.best_match(list(LANGUAGES))


def init_app(app: Flask) -> None:
    """Set up Babel and the templates' globals."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    babel.init_app(
        app, locale_selector=_choose, default_translation_directories=str(STATIC.parent / "translations")
    )
    app.jinja_env.globals.update(
        asset=asset,
        events=EVENTS,
        listed=listed,
        part_name=part_name,
        direction=i18n.direction,
        language=i18n.language,
        languages=LANGUAGES,
        moment=i18n.moment,
        day=i18n.day,
    )
