"""Ines at her desk: a workspace, a browser without script, and real Chromium on a served app."""

import dataclasses
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cast import stage, workspace
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from visitor import Visitor
from werkzeug.serving import make_server

from survey_service.foundation.installation import Installation
from survey_service.workspaces.scope import Scope

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture
def desk_app(app: Flask) -> Flask:
    app.config.update(WTF_CSRF_ENABLED=True)
    return app


@pytest.fixture
def hanse(desk_app: Flask) -> Scope:
    """Ines' workspace."""
    with desk_app.app_context():
        return workspace()


@pytest.fixture
def ines(desk_app: Flask, hanse: Scope) -> Visitor:
    """Ines, signed in."""
    visitor = Visitor(desk_app)
    visitor.signs_in("ines@hanse.example")
    return visitor


@pytest.fixture
def key(desk_app: Flask, hanse: Scope) -> str:
    """An engagement without anybody on its roster yet."""
    with desk_app.app_context():
        soon = datetime.now(UTC) + timedelta(days=11)
        return stage(desk_app, groups={}, scope=hanse, at=datetime.now(UTC), closes_at=soon).key


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(desk_app: Flask) -> Iterator[str]:
    """The app, served on a free port which its letters name too."""
    server = make_server("127.0.0.1", 0, desk_app, threaded=True)
    address = f"http://127.0.0.1:{server.port}"
    here = desk_app.extensions["installation"]
    settings = dataclasses.replace(here.settings, base_url=address)
    desk_app.extensions["installation"] = Installation.of(settings)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield address
    server.shutdown()
    thread.join()
    server.server_close()
