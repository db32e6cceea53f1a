"""Sam sponsors: an engagement, Sam's link, and a browser without cookies."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from cast import Stage, stage
from flask import Flask
from flask.testing import FlaskClient

from survey_service.engagements import sponsor as sponsors
from survey_service.foundation import clock


@pytest.fixture
def play(app: Flask) -> Stage:
    """An engagement in preparation, closing in eleven days."""
    with app.app_context():
        return stage(app, at=clock.now(), closes_at=clock.now() + timedelta(days=11))


@pytest.fixture
def link(app: Flask, play: Stage) -> Callable[[], str]:
    """The address in the sponsor's letter, as it would be now."""

    def address() -> str:
        with app.app_context():
            found = sponsors.of(play.engagement)
            assert found
            return "/s/" + play.here.links.token("sponsor", bytes.fromhex(found.link), found.link_version)

    return address


@pytest.fixture
def sam(app: Flask) -> FlaskClient:
    """Sam's browser."""
    return app.test_client(use_cookies=False)
