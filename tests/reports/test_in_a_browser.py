"""The map in Chromium: its head stays in sight, and on a phone each cell says whose it is."""

import re
from collections.abc import Iterator

import pytest
import report_sample as sample
from playwright.sync_api import Browser, Page
from rig import browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as made:
        yield made


def opened(chromium: Browser, width: int) -> Page:
    """The page with its styles inside."""
    sheets = "".join((sample.STATIC / "css" / f"{name}.css").read_text() for name in ("tokens", "report"))
    html = re.sub(r"<(link|script)\b[^>]*>(</script>)?", "", sample.on_screen(sample.document("report-023")))
    page = chromium.new_context(viewport={"width": width, "height": 700}).new_page()
    page.set_content(html.replace("</head>", f"<style>{sheets}</style></head>"))
    return page


def test_the_maps_head_stays_at_the_top_of_the_window(chromium: Browser) -> None:
    page = opened(chromium, 1280)
    head = page.locator(".map > thead th").first
    page.evaluate("scrollBy(0, document.querySelector('.map > tbody').getBoundingClientRect().top + 150)")
    where = head.bounding_box()
    assert where is not None
    assert -1 <= where["y"] <= 1
    browser.shoot(page, "report-sticky")


def test_on_a_phone_each_cell_names_its_part_and_nothing_scrolls_sideways(chromium: Browser) -> None:
    page = opened(chromium, 390)
    named = page.evaluate(
        "getComputedStyle(document.querySelector('.map > tbody td'), '::before').content"
        " + document.querySelector('.map > tbody td').innerText"
    )
    assert "Operations" in named
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    browser.shoot(page, "report-phone")


def test_what_is_folded_is_a_third_less_to_scroll_and_prints_all_the_same(chromium: Browser) -> None:
    page = opened(chromium, 390)
    folded = page.evaluate("document.documentElement.scrollHeight")
    page.evaluate("document.querySelectorAll('.fold').forEach((one) => { one.open = true; })")
    assert folded * 1.3 < page.evaluate("document.documentElement.scrollHeight")
    page.evaluate("document.querySelectorAll('.fold').forEach((one) => { one.open = false; })")
    page.emulate_media(media="print")
    inside = "[...document.querySelectorAll('.fold li, .fold td, .fold dd')]"
    assert page.evaluate(f"{inside}.every((one) => one.checkVisibility())")
