"""The factory; reads like a table of contents."""

from flask import Flask
from flask_migrate import Migrate
from sqlalchemy.engine import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

from survey_service import cli, tables, web
from survey_service.foundation.db import db
from survey_service.foundation.installation import Installation
from survey_service.foundation.settings import Settings
from survey_service.web.short_way import House

__all__ = ["create_app", "tables"]


def create_app(settings: Settings) -> Flask:
    """The application for checked settings; nothing else is read from outside."""
    app = House(__name__, template_folder="../templates", static_folder=None)
    is_https = settings.base_url.startswith("https:")
    app.config.update(
        SECRET_KEY=settings.secret or None,
        SQLALCHEMY_DATABASE_URI=make_url(settings.database_url),
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": not settings.development},
        SESSION_COOKIE_NAME="__Host-session" if is_https else "session",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_https,
        WTF_CSRF_TIME_LIMIT=None,  # a token ends with its session: nobody loses what took an hour to type
        WTF_CSRF_SSL_STRICT=False,  # it asks for a Referer, and our pages send none: see web/origins.py
        MAX_CONTENT_LENGTH=3 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=3 * 1024 * 1024,
        MAX_FORM_PARTS=1000,
    )
    app.extensions["installation"] = Installation.of(settings)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        # Flask says to put it there; mypy minds a method that is set.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]
    db.init_app(app)
    Migrate(app, db, render_as_batch=True, compare_type=True)
    web.init_app(app)
    cli.init_app(app)
    return app
