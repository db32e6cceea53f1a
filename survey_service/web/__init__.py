"""Doors for people: one package per audience, and what all of them stand on."""

from flask import Flask

from survey_service.foundation.installation import installation
from survey_service.web import (
    compression,
    errors,
    hosts,
    jinja,
    origins,
    packaged,
    security,
    sessions,
    tracing,
)
from survey_service.web.audiences import BY_LINK
from survey_service.web.mailbox import door as mailbox
from survey_service.web.public.door import door as public
from survey_service.web.reader.door import door as reader
from survey_service.web.respondent.door import door as respondent
from survey_service.web.seller.door import door as seller
from survey_service.web.sponsor.door import door as sponsor

DOORS = (public, seller, sponsor, respondent, reader)


def init_app(app: Flask) -> None:
    """Hang every door into the app; the development mailbox only in development."""
    hosts.init_app(app)
    origins.init_app(app)
    jinja.init_app(app)
    packaged.init_app(app)
    compression.init_app(app)
    sessions.init_app(app)
    security.init_app(app)
    tracing.init_app(app)
    errors.init_app(app)
    for door in DOORS:
        if door.audience in BY_LINK:
            sessions.csrf.exempt(door)
        app.register_blueprint(door)
    with app.app_context():
        if installation().settings.development:
            app.register_blueprint(mailbox)
