"""What a screen reader is told: Chromium's tree of roles and names, kept in golden/read_aloud/ to be read.

`KEEP=1 ./run test tests/web/respondent/test_how_it_is_read_aloud.py` writes the files anew.
"""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cast import stage
from flask import Flask
from playwright.sync_api import Browser, Page
from rig import browser

from survey_service.foundation import clock

pytestmark = [pytest.mark.browser]

KEPT = Path(__file__).parents[2] / "golden" / "read_aloud"
#: What differs from run to run -> what stands for it.
VARIES = {r"/a/[\w-]+": "/a/TOKEN", r"until [^.]* \(Berlin\)": "until THEN", "x{400,}": "x…"}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as made:
        yield made


@pytest.fixture
def page(chromium: Browser, app: Flask) -> Iterator[Page]:
    """Pat's first page of questions, seed of the order fixed by the form itself."""
    with app.app_context():
        play = stage(app, at=clock.now(), closes_at=clock.now() + timedelta(days=11))
        play.launch()
        link = "/a/" + play.tokens()["legal1@nordlicht.example"]
    with browser.served(app) as site:
        made = chromium.new_context(locale="en").new_page()
        made.goto(f"{site}{link}")
        browser.turn(made, made.locator("main button[value=next]"))
        yield made
        made.context.close()


def _is_as_kept(page: Page, name: str) -> None:
    told = page.locator("body").aria_snapshot() + "\n"
    for differs, stands in VARIES.items():
        told = re.sub(differs, stands, told)
    file = KEPT / f"{name}.yml"
    if os.environ.get("KEEP"):
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(told, encoding="utf-8")
    assert told == file.read_text(encoding="utf-8")


def test_a_page_of_questions_reads_as_kept(page: Page) -> None:
    """One heading, each statement a group by its own words, each answer a radio button of that group."""
    _is_as_kept(page, "questions")


def test_the_check_page_reads_as_kept(page: Page) -> None:
    """What was skipped is a list of links that lead to it; then one button to send."""
    page.locator("main input[type=radio]").first.check()
    while page.locator("button[formaction$=send]").count() == 0:
        browser.turn(page, page.locator("main button[value=next]"))
    _is_as_kept(page, "check")


def test_an_error_is_told_first_and_again_beside_its_field(page: Page) -> None:
    while page.locator("textarea").count() == 0:
        browser.turn(page, page.locator("main button[value=next]"))
    page.locator("textarea").first.fill("x " * 201)
    browser.turn(page, page.locator("main button[value=next]"))
    _is_as_kept(page, "error")
