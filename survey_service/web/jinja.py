"""What every template knows: words and moments."""

from pathlib import Path

from flask import Flask, has_request_context, request, session

from survey_service.foundation import i18n
from survey_service.foundation.i18n import LANGUAGES, babel, listed
from survey_service.journal import DOERS, EVENTS
from survey_service.reports.phrases import part_name
from survey_service.web import stencil
from survey_service.web.audiences import BY_LINK

TRANSLATIONS = Path(__file__).parent.parent / "translations"


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
    babel.init_app(app, locale_selector=_choose, default_translation_directories=str(TRANSLATIONS))
    app.jinja_env.globals.update(
        apart=i18n.apart,
        doers=DOERS,
        events=EVENTS,
        hole=stencil.hole,
        listed=listed,
        part_name=part_name,
        direction=i18n.direction,
        language=i18n.language,
        languages=LANGUAGES,
        moment=i18n.moment,
        day=i18n.day,
        when=stencil.when,
    )
