"""What axe-core finds on a page, as it is seen at a desk, in the dark and at 400 % zoom."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

VENDORED = Path(__file__).parents[1] / "vendor" / "axe-core"
DESK = {"width": 1280, "height": 1024}
#: What a desk of 1280 x 1024 becomes at 400 % zoom; also the narrowest phone.
ZOOMED = {"width": 320, "height": 256}

RUN = """options => axe.run(document, {resultTypes: ["violations"], iframes: false, ...options}).then(
  found => found.violations.flatMap(rule => rule.nodes.map(
    node => `${rule.id}: ${node.target} ${node.html.slice(0, 160)}`)))"""
EVERYTHING: Mapping[str, Any] = {}
#: For letters: the mail program brings the page around them.
WCAG: Mapping[str, Any] = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}
COLOURS: Mapping[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


@cache
def _source() -> str:
    script = (VENDORED / "axe.min.js").read_bytes()
    wanted, _name = (VENDORED / "SHA256SUMS").read_text().split()
    if hashlib.sha256(script).hexdigest() != wanted:
        raise RuntimeError("tests/vendor/axe-core/axe.min.js is not the file it was")
    return script.decode()


def violations(page: Page, rules: Mapping[str, Any] = EVERYTHING) -> list[str]:
    """Everything wrong with the page, each 'where, rule: element'; none: all is well.

    Light and at a desk every rule, dark the colours, zoomed every rule and no scrolling sideways.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    found = _look(page, "desk", DESK, "light", rules) + _look(page, "dark", DESK, "dark", COLOURS)
    found += _look(page, "zoomed", ZOOMED, "light", rules)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"zoomed, reflow: {page.title()} scrolls sideways")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return found


def _look(
    page: Page, name: str, size: Mapping[str, int], scheme: str, options: Mapping[str, Any]
) -> list[str]:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    return [f"{name}, {fault}" for fault in page.evaluate(RUN, options)]
