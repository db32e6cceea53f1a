"""A stranger's first half hour, in a real browser: from signing up to a shared report, reading no manual."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from survey_service.foundation import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHOTS = Path("build/screenshots")
SIZES = {"Operations": 8, "Sales": 8, "Legal": 2, "Finance": 4, "HR": 1}
ROSTER = "Name;E-Mail;Abteilung\r\n" + "".join(
    f"{group} Nr. {number};{group.lower()}{number}@nordlicht.example;{group}\r\n"
    for group, size in SIZES.items()
    for number in range(1, size + 1)
)
SPOILT = ROSTER.replace("legal2@nordlicht.example", "legal2.nordlicht.example")


class Somebody:
    """One person's browser; pictures of what they see are kept."""

    def __init__(self, browser: Browser, site: str, app: Flask, width: int) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900}, locale="en-GB"
        )
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda fault: pytest.fail(str(fault)))
        self.site, self.app, self.width = site, app, width

    def shoot(self, name: str) -> None:
        """Keep a picture; no page may scroll sideways."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"desk-{name}-{self.width}.png", full_page=True)
        fits = self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert fits, f"{name} scrolls sideways at {self.width}"

    def press(self, name: str) -> None:
        """A button or a link that looks like one."""
        either = self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        )
        either.first.click()

    def opens_letter(self, to: str) -> None:
        """Let the post leave, then open the address in the newest letter to somebody."""
        tick(self.app)
        self.page.goto(f"{self.site}/dev/mailbox?to={to}")
        self.page.locator("tbody tr").first.locator("td:nth-child(2) a").click()
        address = self.page.locator("pre.letter a").first.get_attribute("href")
        assert address
        assert address.startswith(self.site)
        self.page.goto(address)


def tick(app: Flask, at: datetime | None = None) -> None:
    """Run the timetable, as the command does."""
    run(app, "tick", "--at", (at or clock.now()).isoformat())


def run(app: Flask, *words: str) -> str:
    """A command of the operator's."""
    done: Any = app.test_cli_runner().invoke(args=["survey", *words])
    assert done.exit_code == 0, done.output
    return str(done.output)


@pytest.fixture(params=[390, 1280])
def ines(request: pytest.FixtureRequest, chromium: Browser, site: str, desk_app: Flask) -> Iterator[Somebody]:
    somebody = Somebody(chromium, site, desk_app, request.param)
    yield somebody
    somebody.context.close()


def signs_up(ines: Somebody) -> None:
    page = ines.page
    page.goto(ines.site)
    ines.shoot("landing")
    ines.press("Sign up")
    page.get_by_label("Your name").fill("Ines Hansen")
    page.get_by_label("Work e-mail address").fill("ines@hanse.example")
    page.get_by_label("Workspace").fill("Hanse Systems")
    page.get_by_label("Password").fill("a calm long password")
    ines.shoot("sign-up")
    ines.press("Sign up")
    ines.opens_letter("ines@hanse.example")
    ines.press("Confirm my address")
    page.get_by_label("Password").fill("a calm long password")
    ines.press("Sign in")
    page.get_by_role("heading", name="Engagements").wait_for()
    ines.shoot("overview-empty")
    assert page.evaluate("document.querySelector('.top').offsetHeight") < 100  # two rows at most, on a phone


def opens_an_engagement(ines: Somebody) -> str:
    page = ines.page
    ines.press("Open an engagement")
    page.get_by_label("The buying organisation").fill("Nordlicht Energie")
    page.get_by_label("The change, in one neutral sentence").fill("Buy the best tool of Hanse Systems")
    page.get_by_label("Sponsor’s name").fill("Sam Sponsor")
    page.get_by_label("Sponsor’s e-mail address").fill("sam@hanse.example")
    ines.press("Open the engagement")
    page.get_by_role("heading", name="Please look at this once more").wait_for()
    ines.shoot("words-refused")
    assert page.get_by_label("The buying organisation").input_value() == "Nordlicht Energie"
    page.get_by_label("The change, in one neutral sentence").fill("Move order handling to one shared list.")
    page.get_by_label("Sponsor’s e-mail address").fill("sam@nordlicht.example")
    page.get_by_label("Core").check()
    ines.press("Open the engagement")
    page.get_by_role("heading", name="Nordlicht Energie").wait_for()
    ines.shoot("checklist-new")
    return page.url.rsplit("/", 1)[-1]


def imports_the_roster(ines: Somebody) -> None:
    page = ines.page
    ines.press("Build the roster")
    ines.shoot("roster-empty")
    ines.press("Import a list")
    ines.shoot("import")
    page.get_by_label("A file").set_input_files(
        {"name": "leute.csv", "mimeType": "text/csv", "buffer": SPOILT.encode("utf-16")}
    )
    ines.press("Look at it")
    page.get_by_text("1 row cannot be imported as it stands.").wait_for()
    page.get_by_role("cell", name="This is not an e-mail address").wait_for()
    ines.shoot("import-bad")
    listed = page.get_by_label("The list", exact=True)
    listed.fill(listed.input_value().replace("legal2.nordlicht", "legal2@nordlicht"))
    ines.press("Look again")
    page.get_by_text("All 23 people are ready to be imported.").wait_for()
    ines.shoot("import-good")
    ines.press("Import 23 people")
    page.get_by_text("23 people imported.").wait_for()


def sees_small_groups_and_merges(ines: Somebody) -> None:
    page = ines.page
    page.get_by_text("Legal, 2 people: will appear in Other roles with Finance and HR, 7 people.").wait_for()
    ines.shoot("groups")
    page.get_by_label("Merge", exact=True).select_option("HR")
    page.get_by_label("with", exact=True).select_option("Finance")
    ines.press("Merge")
    page.get_by_text("HR and Finance are now one group: Finance.").wait_for()
    page.get_by_text("Legal, 2 people: will appear in Other roles with Finance, 7 people.").wait_for()
    ines.press("Back to what is next")


def previews(ines: Somebody) -> None:
    ines.press("Preview")
    frame = ines.page.frame_locator("iframe")
    frame.get_by_text("Move order handling to one shared list.").first.wait_for()
    ines.shoot("preview")
    ines.page.go_back()


def asks_and_gets_approval(ines: Somebody, sam: Somebody) -> None:
    ines.shoot("checklist-before-approval")
    ines.press("Ask for approval")
    ines.press("Ask for approval")
    ines.page.get_by_text("A letter to Sam Sponsor is on its way.").wait_for()
    sam.opens_letter("sam@nordlicht.example")
    sam.page.get_by_text("Legal, 2 people: will appear in Other roles with Finance, 7 people.").wait_for()
    sam.shoot("sponsor-approve")
    sam.press("Approve")
    sam.page.get_by_role("heading", name="You have approved this").wait_for()


def launches(ines: Somebody) -> None:
    ines.page.reload()
    ines.shoot("checklist-ready")
    ines.press("Look at the launch")
    ines.shoot("launch")
    ines.press("Launch and ask 23 people")
    ines.page.get_by_text("The survey is open.").wait_for()
    ines.shoot("open")


def answers(pat: Somebody) -> None:
    pat.opens_letter("operations1@nordlicht.example")
    pat.press("Start")
    pat.page.locator("fieldset").first.locator("input").first.check()
    for _ in range(8):
        pat.page.locator("main button[value=next]").click()
    pat.press("Send my answers")
    pat.page.locator("#receipt").wait_for()


def comes_back(ines: Somebody) -> None:
    """A fortnight later her session is over; signing in leads to where she was."""
    ines.page.reload()
    ines.page.get_by_label("Work e-mail address").or_(ines.page.get_by_label("E-mail address")).fill(
        "ines@hanse.example"
    )
    ines.page.get_by_label("Password").fill("a calm long password")
    ines.press("Sign in")


def test_from_signing_up_to_a_shared_report(
    ines: Somebody, chromium: Browser, site: str, desk_app: Flask
) -> None:
    sam = Somebody(chromium, site, desk_app, ines.width)
    pat = Somebody(chromium, site, desk_app, ines.width)
    reader = Somebody(chromium, site, desk_app, ines.width)
    began = clock.now()
    signs_up(ines)
    key = opens_an_engagement(ines)
    imports_the_roster(ines)
    sees_small_groups_and_merges(ines)
    previews(ines)
    asks_and_gets_approval(ines, sam)
    launches(ines)
    assert clock.now() - began < timedelta(minutes=3)
    answers(pat)
    run(desk_app, "simulate", key, "--people", "20", "--seed", "3")
    tick(desk_app, clock.now() + timedelta(days=15))

    comes_back(ines)
    ines.page.get_by_text("Sam Sponsor reads the report first").wait_for()
    ines.shoot("closed")
    sam.page.reload()
    sam.page.get_by_role("heading", name="The report is ready").wait_for()
    sam.shoot("sponsor-ready")
    sam.press("Read the report")
    sam.page.get_by_text("Nordlicht Energie").first.wait_for()
    sam.page.go_back()
    sam.press("Release the report to Hanse Systems")

    ines.page.reload()
    ines.shoot("released")
    ines.press("Share")
    ines.page.get_by_label("For whom").fill("The board")
    ines.press("Make the link")
    ines.shoot("shares")
    link = ines.page.locator(".shares a").first.inner_text()
    reader.page.goto(link)
    reader.page.get_by_text("Nordlicht Energie").first.wait_for()
    assert reader.context.cookies() == []
    ines.page.goto(f"{site}/desk")
    ines.shoot("overview")
    for one in (sam, pat, reader):
        one.context.close()
