"""Real Chromium, and the app served to it on a free port."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright
from werkzeug.serving import make_server

from survey_service.foundation import doctor

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
SHOTS = Path("build/screenshots")


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """A browser without a window; ``more`` arguments for it."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=doctor.chromium(), args=[*ARGUMENTS, *more])
        yield browser
        browser.close()


@contextmanager
def served(app: Flask, port: int = 0) -> Iterator[str]:
    """The address the app answers at; any free port for 0."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def opened(context: BrowserContext, address: str) -> Page:
    """A new tab there; whatever the browser complains about fails the test."""
    page = context.new_page()
    page.on("pageerror", lambda fault: pytest.fail(str(fault)))
    page.on("console", lambda said: pytest.fail(said.text) if said.type == "error" else None)
    page.goto(address)
    return page


def shoot(page: Page, name: str) -> None:
    """Keep a picture for people to look at, in build/screenshots."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def turn(page: Page, button: Locator) -> None:
    """Press a button that leads to a page of another title, and wait for it."""
    before = page.title()
    button.click()
    page.wait_for_function("before => document.title && document.title !== before", arg=before)
