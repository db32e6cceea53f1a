"""What every template knows: words and moments."""

from collections.abc import Mapping
from pathlib import Path

from flask import Flask, has_request_context, request, session
from flask_babel import get_translations
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from survey_service.foundation import i18n
from survey_service.foundation.i18n import LANGUAGES, babel, listed
from survey_service.journal import EVENTS
from survey_service.reports.phrases import part_name
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


@pass_context
def _gettext(context: Context, message: str, /, **facts: object) -> str:
    """The message in the language being spoken, each fact set apart from it."""
    return _filled(context, get_translations().ugettext(message), facts)


@pass_context
def _ngettext(context: Context, one: str, many: str, num: int, /, **facts: object) -> str:
    """The message for a number; ``num`` is a fact too."""
    return _filled(context, get_translations().ungettext(one, many, num), {"num": num, **facts})


def _filled(context: Context, message: str, facts: Mapping[str, object]) -> str:
    text = Markup(message) if context.eval_ctx.autoescape else message  # noqa: S704 - as Jinja's own does
    return text % {name: _apart(fact) for name, fact in facts.items()}


def _apart(fact: object) -> object:
    if isinstance(fact, Markup):
        return Markup(i18n.apart(fact))  # noqa: S704 - it was safe before
    return i18n.apart(fact) if isinstance(fact, str) else fact


def init_app(app: Flask) -> None:
    """Set up Babel and the templates' globals."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    babel.init_app(app, locale_selector=_choose, default_translation_directories=str(TRANSLATIONS))
    app.jinja_env.globals.update(
        apart=i18n.apart,
        gettext=_gettext,
        ngettext=_ngettext,
        events=EVENTS,
        listed=listed,
        part_name=part_name,
        direction=i18n.direction,
        language=i18n.language,
        languages=LANGUAGES,
        moment=i18n.moment,
        day=i18n.day,
    )
