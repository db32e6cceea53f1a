"""The same way in real Chromium: by keyboard, without script, offline in the middle. Screenshots are kept."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route
from rig import browser
from rig.browser import opened as open_at

pytestmark = [pytest.mark.browser]

Opened = Callable[[str], tuple[dict[str, object], list[str]]]
Boxes = Callable[[], tuple[int, int]]

WIDTHS = (390, 1280)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as made:
        yield made


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    with browser.served(app) as address:
        yield address


def shoot(page: Page, name: str) -> None:
    """A picture, of a page that fits its window."""
    browser.shoot(page, f"ask-{name}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"


def onward(page: Page) -> None:
    """The way on: to the next part, or to the check page."""
    page.locator("main button[value=next]").click()


def to_the_check_page(page: Page) -> None:
    """From any part."""
    while page.get_by_role("button", name="Send my answers").count() == 0:
        browser.turn(page, page.locator("main button[value=next]"))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("script", [True, False])
def test_pat_answers_at_any_width_with_script_or_without(
    chromium: Browser, site: str, link: str, opened: Opened, width: int, script: bool
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 844}, java_script_enabled=script)
    page = open_at(context, site + link)
    name = f"{width}" if script else f"{width}-no-script"
    shoot(page, f"welcome-{name}")
    page.get_by_role("button", name="Start").click()
    for number in range(1, 7):
        page.get_by_text(f"Part {number} of 8").wait_for()
        for group in page.locator("fieldset").all():
            group.get_by_label("4 agree").check()
        shoot(page, f"part-{number}-{name}")
        page.get_by_role("button", name="Continue").click()
    page.get_by_label("We are tired of change").check()
    shoot(page, f"concerns-{name}")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("textbox").first.fill("As the only lawyer I would need time.")
    shoot(page, f"texts-{name}")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Before you send").wait_for()
    shoot(page, f"check-{name}")
    page.get_by_role("button", name="Send my answers").click()
    page.get_by_text("Thank you. Your answers are in.").wait_for()
    shoot(page, f"receipt-{name}")
    assert page.get_by_role("button", name="Copy").is_visible() == script
    sheet, _ = opened(page.locator("#receipt").inner_text())
    assert sheet["answers"] == {f"Q{number:02d}": 4 for number in range(1, 25)}
    assert context.cookies() == []
    context.close()


def tab_to(page: Page, choice: str) -> None:
    """Press Tab until the focus is there; everything on the way shows where it is."""
    for _ in range(80):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_SHOWS), page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("choice => document.activeElement.matches(choice)", choice):
            return
    pytest.fail(f"Tab never reaches {choice}")


#: An outline of four pixels, on the focused element or, for a choice, on the face it covers.
FOCUS_SHOWS = """() => {
  const one = document.activeElement;
  const shown = one.closest(".choice")?.querySelector(".face") ?? one;
  return one !== document.body && parseFloat(getComputedStyle(shown).outlineWidth) >= 3;
}"""


def test_pat_answers_by_keyboard_alone(chromium: Browser, site: str, link: str, opened: Opened) -> None:
    context = chromium.new_context()
    page = open_at(context, site + link)
    tab_to(page, "main button[name=go]")
    page.keyboard.press("Enter")
    page.get_by_text("Part 1 of 8").wait_for()
    tab_to(page, "#Q01 input")
    page.keyboard.press("5")
    assert page.locator("#Q01").get_by_label("5 strongly agree").is_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.get_by_text("Part 2 of 8").wait_for()
    for number in range(3, 10):
        tab_to(page, "main button[value=next]")
        page.keyboard.press("Enter")
        page.get_by_text(f"Part {number} of 8" if number < 9 else "Before you send").wait_for()
    tab_to(page, "main button[formaction$=send]")
    page.keyboard.press("Enter")
    page.get_by_text("Thank you").wait_for()
    tab_to(page, "[data-copy]")
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
    page.get_by_text("Part 2 of 8").wait_for()
    assert page.locator("#Q06").get_by_label("I can’t tell").is_checked()
    to_the_check_page(page)
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
    page.wait_for_url(f"**{link}?language=en")
    assert page.get_by_role("button", name="Start").is_visible()
    assert page.evaluate("localStorage.length") == 0
    context.close()


def test_a_lost_connection_keeps_the_page_until_it_is_back(
    chromium: Browser, site: str, link: str, opened: Opened
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(site + link)
    page.get_by_role("button", name="Start").click()
    page.locator("#Q01").get_by_label("1 strongly disagree").check()
    context.set_offline(True)
    onward(page)
    page.get_by_text("You are offline just now").wait_for()
    page.locator("#Q02").get_by_label("2 disagree").check()
    context.set_offline(False)
    to_the_check_page(page)
    context.set_offline(True)
    page.get_by_role("button", name="Send my answers").click()
    page.get_by_text("You are offline just now").wait_for()
    context.set_offline(False)
    page.get_by_role("button", name="Send my answers").click()
    page.get_by_text("Thank you. Your answers are in.").wait_for()
    assert opened(page.locator("#receipt").inner_text())[0]["answers"] == {"Q01": 1, "Q02": 2}
    context.close()


def test_a_send_whose_answer_is_lost_shows_the_receipt_at_the_next_try(
    chromium: Browser, site: str, link: str, boxes: Boxes
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(site + link)
    page.get_by_role("button", name="Start").click()
    to_the_check_page(page)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/send", lose)
    page.get_by_role("button", name="Send my answers").click()
    page.get_by_text("You are offline just now").wait_for()
    assert boxes() == (1, 1)
    page.unroute("**/send")
    page.get_by_role("button", name="Send my answers").click()
    page.get_by_text("They had arrived before").wait_for()
    assert page.locator("#receipt").is_visible()
    assert boxes() == (1, 1)
    context.close()


def test_a_server_that_is_busy_leaves_the_page_as_it_was(chromium: Browser, site: str, link: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(site + link)
    page.get_by_role("button", name="Start").click()
    page.locator("#Q01").get_by_label("1 strongly disagree").check()
    page.route("**/questions", lambda route: route.fulfill(status=503, body="<body class=ask>Busy"))
    onward(page)
    page.get_by_text("The server could not do this at once").wait_for()
    assert page.locator("#Q01").get_by_label("1 strongly disagree").is_checked()
    page.unroute("**/questions")
    onward(page)
    page.get_by_text("Part 2 of 8").wait_for()
    context.close()


def test_a_server_that_stops_in_the_middle_and_starts_again_loses_nothing(
    chromium: Browser, app: Flask, link: str, opened: Opened
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    with browser.served(app) as site:
        page.goto(site + link)
        page.get_by_role("button", name="Start").click()
        page.locator("#Q01").get_by_label("2 disagree").check()
    onward(page)
    page.get_by_text("You are offline just now").wait_for()
    with browser.served(app, int(site.rsplit(":", 1)[1])):
        to_the_check_page(page)
        page.get_by_role("button", name="Send my answers").click()
        assert opened(page.locator("#receipt").inner_text())[0]["answers"] == {"Q01": 2}
    context.close()


def test_the_browsers_own_back_button_goes_one_part_back_and_keeps_everything(
    chromium: Browser, site: str, link: str, boxes: Boxes
) -> None:
    context = chromium.new_context()
    page = open_at(context, site + link)
    page.get_by_role("button", name="Start").click()
    page.locator("#Q01").get_by_label("1 strongly disagree").check()
    onward(page)
    page.locator("#Q03").get_by_label("4 agree").check()
    page.go_back()
    page.get_by_text("Part 1 of 8").wait_for()
    assert page.locator("#Q01").get_by_label("1 strongly disagree").is_checked()
    page.go_forward()
    page.get_by_text("Part 2 of 8").wait_for()
    assert page.locator("#Q03").get_by_label("4 agree").is_checked()
    to_the_check_page(page)
    page.get_by_role("button", name="Send my answers").click()
    page.get_by_text("Thank you. Your answers are in.").wait_for()
    page.go_back()
    page.get_by_text("You have answered").wait_for()
    assert boxes() == (1, 1)
    context.close()


HALF = {
    "cut off": lambda route: route.fulfill(body="const PREFIX = 'common", content_type="text/javascript"),
    "never there": lambda route: route.abort(),
    "another page": lambda route: route.fulfill(
        body="<h1>Log in to the network</h1>", content_type="text/html"
    ),
}


@pytest.mark.parametrize("half", HALF)
def test_a_script_that_loads_by_half_stands_in_nobodys_way(
    chromium: Browser, site: str, link: str, boxes: Boxes, half: str
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.route("**/ask.js", HALF[half])
    page.goto(site + link)
    page.get_by_role("button", name="Start").click()
    to_the_check_page(page)
    page.get_by_role("button", name="Send my answers").click()
    page.get_by_text("Thank you. Your answers are in.").wait_for()
    assert boxes() == (1, 1)
    context.close()


#: What Chromium itself does where cookies and site data are blocked.
BLOCKED = """for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name,
  {get() { throw new DOMException("Access is denied for this document.", "SecurityError"); }});
Object.defineProperty(document, "cookie", {get: () => "", set: () => {}});"""


def test_blocked_cookies_and_storage_stand_in_nobodys_way(
    chromium: Browser, site: str, link: str, boxes: Boxes
) -> None:
    context = chromium.new_context()
    context.add_init_script(BLOCKED)
    page = open_at(context, site + link)
    page.get_by_role("button", name="Start").click()
    page.locator("#Q01").get_by_label("1 strongly disagree").check()
    assert not page.get_by_text("kept in this browser").is_visible()
    to_the_check_page(page)
    page.get_by_role("button", name="Send my answers").click()
    page.get_by_text("Thank you. Your answers are in.").wait_for()
    assert boxes() == (1, 1)
    context.close()


def test_errors_stand_in_a_summary_that_is_focused_and_leads_to_the_field(
    chromium: Browser, site: str, link: str
) -> None:
    for script in (True, False):
        context = chromium.new_context(java_script_enabled=script)
        page = context.new_page()
        page.goto(site + link)
        page.get_by_role("button", name="Start").click()
        page.get_by_text("Part 1 of 8").wait_for()
        for number in range(2, 9):
            onward(page)
            page.get_by_text(f"Part {number} of 8").wait_for()
        page.locator("#text1").fill("x" * 401)
        onward(page)
        page.locator("#errors:focus").wait_for()
        assert page.title().startswith("Error:")
        page.locator("#errors a").click()
        assert page.locator("#text1:focus").get_attribute("aria-invalid") == "true"
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
    page.get_by_text("Part 1 of 8").wait_for()
    while True:
        low = page.eval_on_selector_all(TARGETS, "all => all.map(one => one.getBoundingClientRect().height)")
        assert min(height for height in low if height) >= 44, page.title()
        if page.get_by_role("button", name="Send my answers").count():
            break
        onward(page)
        page.wait_for_timeout(50)
    context.close()


TARGETS = ".choice, main button:not([hidden]), summary, main a.button"


LOOK = "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one).transitionDuration]"


def test_forced_colours_show_what_is_chosen_and_reduced_motion_moves_nothing(
    chromium: Browser, site: str, link: str
) -> None:
    context = chromium.new_context(forced_colors="active", reduced_motion="reduce")
    page = open_at(context, site + link)
    page.get_by_role("button", name="Start").click()
    page.locator("#Q01").get_by_label("4 agree").check()
    shoot(page, "part-1-forced-colours")
    faces = page.locator("#Q01 .face")
    chosen, other = (faces.nth(place).evaluate(LOOK) for place in (3, 0))
    assert chosen[0] != other[0]
    assert chosen[1] == other[1] == "0s"
    context.close()


#: Chromium's own profile of a slow 4G network (its developer tools), bytes a second and milliseconds.
SLOW_4G = {
    "offline": False,
    "downloadThroughput": 1.6 * 1000 * 1000 / 8 * 0.9,
    "uploadThroughput": 750 * 1000 / 8 * 0.9,
    "latency": 150 * 3.75,
}
LARGEST_PAINT = """() => new Promise(done => new PerformanceObserver(
  seen => done(seen.getEntries().at(-1).startTime)
).observe({type: "largest-contentful-paint", buffered: true}))"""


@pytest.mark.slow
def test_every_page_is_painted_within_a_second_on_slow_4g(chromium: Browser, site: str, link: str) -> None:
    first, question = [], []
    for _ in range(3):
        context = chromium.new_context(viewport={"width": 390, "height": 844})
        page = context.new_page()
        page.route("**/ask.js", lambda route: route.abort())  # so that the question page is a page of its own
        context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_4G)
        page.goto(site + link)
        first.append(page.evaluate(LARGEST_PAINT))
        page.get_by_role("button", name="Start").click()
        page.get_by_text("Part 1 of 8").wait_for()
        question.append(page.evaluate(LARGEST_PAINT))
        context.close()
    assert max(min(first), min(question)) < 1000, (first, question)


@pytest.mark.parametrize("width", WIDTHS)
def test_pat_answers_in_arabic_from_right_to_left(
    chromium: Browser, site: str, link: str, opened: Opened, width: int
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 844})
    page = open_at(context, f"{site}{link}?language=ar")
    assert page.locator("html").get_attribute("dir") == "rtl"
    shoot(page, f"welcome-{width}-arabic")
    browser.turn(page, page.locator("main button[value=next]"))
    page.locator("#Q01 input[value='4']").check()
    scale = page.locator("#Q01 .scale .choice")
    first, last = (scale.nth(place).bounding_box() for place in (0, 4))
    assert first
    assert last
    assert first["x"] > last["x"] if width > 600 else first["x"] == last["x"]
    shoot(page, f"part-1-{width}-arabic")
    while page.locator("textarea").count() == 0:
        browser.turn(page, page.locator("main button[value=next]"))
    page.locator("#text1").fill("وقت كاف للتعلم 🚲")
    shoot(page, f"texts-{width}-arabic")
    browser.turn(page, page.locator("main button[value=next]"))
    shoot(page, f"check-{width}-arabic")
    browser.turn(page, page.locator("main button[formaction$=send]"))
    shoot(page, f"receipt-{width}-arabic")
    receipt = page.locator("#receipt").inner_text()
    sheet, texts = opened(receipt)
    assert (sheet["answers"], texts) == ({"Q01": 4}, ["وقت كاف للتعلم 🚲", ""])
    page.goto(f"{site}{link}/receipt?language=ar")
    page.locator("#receipt").fill(receipt)
    shoot(page, f"check-receipt-{width}-arabic")
    context.close()
