"""The same way in real Chromium: by keyboard, without script, offline in the middle. Screenshots are kept."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

pytestmark = [pytest.mark.browser]

Opened = Callable[[str], tuple[dict[str, object], list[str]]]
Boxes = Callable[[], tuple[int, int]]

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
WIDTHS = (390, 1280)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The app, served on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def shoot(page: Page, name: str) -> None:
    """Keep a picture for people to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"ask-{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"


def open_at(context: BrowserContext, address: str) -> Page:
    """The welcome page; whatever the browser complains about fails the test."""
    page = context.new_page()
    page.on("pageerror", lambda fault: pytest.fail(str(fault)))
    page.on("console", lambda said: pytest.fail(said.text) if said.type == "error" else None)
    page.goto(address)
    return page


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("script", [True, False])
def test_pat_answers_at_any_width_with_script_or_without(
    chromium: Browser, site: str, link: str, opened: Opened, width: int, script: bool
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 844}, java_script_enabled=script)
    page = open_at(context, site + link)
    name = f"{width}" if script else f"{width}-no-script"
    page.screenshot(path=SHOTS / f"ask-welcome-{name}.png", full_page=True)
    page.get_by_role("button", name="Start").click()
    for number in range(1, 7):
        for group in page.locator("fieldset").all():
            group.get_by_label("4 agree").check()
        page.screenshot(path=SHOTS / f"ask-part-{number}-{name}.png", full_page=True)
        page.get_by_role("button", name="Continue").click()
    page.get_by_label("We are tired of change").check()
    page.screenshot(path=SHOTS / f"ask-concerns-{name}.png", full_page=True)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("textbox").first.fill("As the only lawyer I would need time.")
    page.screenshot(path=SHOTS / f"ask-texts-{name}.png", full_page=True)
    page.get_by_role("button", name="Continue").click()
    page.screenshot(path=SHOTS / f"ask-check-{name}.png", full_page=True)
    page.get_by_role("button", name="Send my answers").click()
    page.screenshot(path=SHOTS / f"ask-receipt-{name}.png", full_page=True)
    assert page.get_by_role("button", name="Copy").is_visible() == script
    sheet, _ = opened(page.locator("#receipt").inner_text())
    assert sheet["answers"] == {f"Q{number:02d}": 4 for number in range(1, 25)}
    assert context.cookies() == []
    context.close()


def test_pat_answers_by_keyboard_alone(chromium: Browser, site: str, link: str, opened: Opened) -> None:
    context = chromium.new_context()
    page = open_at(context, site + link)
    page.get_by_role("button", name="Start").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions")
    first = page.locator("fieldset").first
    first.locator("input").first.focus()
    page.keyboard.press("5")
    assert first.get_by_label("5 strongly agree").is_checked()
    assert first.get_by_label("5 strongly agree").evaluate("one => one === document.activeElement")
    page.keyboard.press("Tab")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Who has a say')")
    for _ in range(7):
        page.locator("main button[value=next]").press("Enter")
    page.get_by_role("button", name="Send my answers").press("Enter")
    sheet, _texts = opened(page.locator("#receipt").inner_text())
    assert sheet["answers"] == {"Q01": 5, "Q02": 2}
    context.close()


def test_a_closed_tab_loses_nothing_and_sending_clears_the_draft(
    chromium: Browser, site: str, link: str, opened: Opened
) -> None:
    context = chromium.new_context()
    page = open_at(context, site + link)
    page.get_by_role("button", name="Start").click()
    page.locator("#Q01").get_by_label("3 neither").check()
    page.get_by_role("button", name="Continue").click()
    page.locator("#Q06").get_by_label("I can’t tell").check()
    page.close()
    page = open_at(context, site + link)
    page.get_by_role("button", name="Continue where you stopped").click()
    assert page.locator("#Q06").get_by_label("I can’t tell").is_checked()
    for _ in range(7):
        page.locator("main button[value=next]").click()
    page.get_by_role("button", name="Send my answers").click()
    sheet, _texts = opened(page.locator("#receipt").inner_text())
    assert sheet["answers"] == {"Q01": 3, "Q06": "dk"}
    assert page.evaluate("localStorage.length") == 0
    context.close()


def test_a_draft_can_be_cleared(chromium: Browser, site: str, link: str) -> None:
    context = chromium.new_context()
    page = open_at(context, site + link)
    page.get_by_role("button", name="Start").click()
    page.locator("#Q01").get_by_label("3 neither").check()
    page.get_by_role("button", name="Clear my draft").click()
    page.wait_for_url("**" + link)
    assert page.get_by_role("button", name="Start").is_visible()
    assert page.evaluate("localStorage.length") == 0
    context.close()


def test_a_lost_connection_keeps_the_form_until_it_is_back(
    chromium: Browser, site: str, link: str, boxes: Boxes
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(site + link)
    page.get_by_role("button", name="Start").click()
    page.locator("#Q01").get_by_label("1 strongly disagree").check()
    for _ in range(8):
        page.locator("main button[value=next]").click()
    context.set_offline(True)
    page.get_by_role("button", name="Send my answers").click()
    page.get_by_text("You are offline just now").wait_for()
    context.set_offline(False)
    page.get_by_role("button", name="Send my answers").click()
    page.get_by_text("Thank you. Your answers are in.").wait_for()
    assert boxes() == (1, 1)
    context.close()


def test_a_page_asks_for_four_things_at_most_and_only_from_here(
    chromium: Browser, site: str, link: str
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site + link)
    page.wait_for_load_state("networkidle")
    fetched = [address for address in asked if not address.startswith("data:")]
    assert len(fetched) <= 4
    assert all(address.startswith(site) for address in fetched)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off_at_320_pixels(chromium: Browser, site: str, link: str, scheme: str) -> None:
    dark = scheme == "dark"
    context = chromium.new_context(
        viewport={"width": 320, "height": 600}, color_scheme="dark" if dark else "light"
    )
    page = open_at(context, site + link)
    shoot(page, f"welcome-320-{scheme}")
    page.get_by_role("button", name="Start").click()
    shoot(page, f"part-1-320-{scheme}")
    for part in ("/how", "/terms", "/receipt"):
        page.goto(site + link + part)
        shoot(page, f"{part.strip('/')}-320-{scheme}")
    context.close()


def test_every_target_is_at_least_44_pixels_high(chromium: Browser, site: str, link: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = open_at(context, site + link)
    page.get_by_role("button", name="Start").click()
    heights = page.eval_on_selector_all(
        "main .choice, main button:not([hidden]), summary",
        "all => all.map(one => one.getBoundingClientRect().height)",
    )
    assert min(height for height in heights if height) >= 44
    context.close()
