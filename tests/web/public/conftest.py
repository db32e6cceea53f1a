"""Ines owns Hanse Systems; Carl owns a workspace elsewhere. Forms need their token, as in life."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from visitor import PASSWORD, Visitor

from survey_service.foundation.db import transaction
from survey_service.workspaces import making

OWNERS = (("Ines", "ines@hanse.example", "Hanse Systems"), ("Carl", "carl@else.example", "Elsewhere"))


@pytest.fixture
def house(app: Flask) -> Flask:
    app.config.update(RATELIMIT_ENABLED=False, WTF_CSRF_ENABLED=True)
    with app.app_context(), transaction():
        for name, email, workspace in OWNERS:
            making.make_workspace(
                name=workspace,
                owner_name=name,
                owner_email=email,
                password=PASSWORD,
                at=datetime(2026, 11, 30, 9, tzinfo=UTC),
                confirmed=True,
            )
    return app


@pytest.fixture
def ines(house: Flask) -> Visitor:
    visitor = Visitor(house)
    visitor.signs_in("ines@hanse.example")
    return visitor
