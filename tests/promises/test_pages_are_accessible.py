"""axe finds nothing wrong on any page of any door: at a desk, in the dark, at 400 % zoom (320 px).

Pages are found in the app's own list of routes, so a new page is looked at without being named here.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from cast import Stage, stage
from flask import Flask
from playwright.sync_api import Browser, Page, Route
from rig import axe, browser
from sqlalchemy import select

from survey_service.cli import demo
from survey_service.collection import shelf
from survey_service.collection.models import OwnInstrument
from survey_service.engagements.models import Engagement, Sponsor
from survey_service.foundation import clock
from survey_service.foundation.db import db, transaction
from survey_service.foundation.i18n import LANGUAGES
from survey_service.foundation.installation import installation
from survey_service.instrument import catalog, draft
from survey_service.outbox.mailbox import Mailbox
from survey_service.reports import follow_up, shares
from survey_service.reports.models import Share
from survey_service.waves.models import Release, Wave
from survey_service.web.respondent import callers, pages
from survey_service.web.sponsor.door import PURPOSE
from survey_service.workspaces import links, members, moving
from survey_service.workspaces import scope as scopes
from survey_service.workspaces.models import Account, MemberInvitation, Workspace
from survey_service.workspaces.scope import Scope

pytestmark = [pytest.mark.browser]

#: Routes that show no page of their own.
FILES = {
    "static",
    "respondent.exact_terms",
    "public.accent",
    "seller.export_roster",
    "seller.keep_report",
    "seller.export_instrument",
    "sponsor.keep_conversations",
    "sponsor.keep",
    "reader.keep",
}
#: Pages of a personal link that have an address of their own; the welcome page last, where the way begins.
BY_ADDRESS = ("/how", "/terms", "/stop", "/wrong-person", "/receipt", "")
#: Addresses of that door that lead elsewhere, or hold no page.
NO_PAGE = {"/", "/questions", "/send", "/terms.json"}

#: Faults axe must find, or it is not looking.
FAULTY = "<html><body><p style='color: #999; background: #fff'>pale</p><img src='data:,'></body></html>"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as made:
        yield made


@pytest.fixture
def furnished(app: Flask) -> Flask:
    """The demo, an engagement before launch, one about to start, a colleague asked, a share link."""
    with app.app_context():
        demo.make(installation())
        workspace = db.session.scalars(select(Workspace)).one()
        scope = scopes.of_operator(workspace)
        stage(app, scope=scope, at=clock.now(), closes_at=clock.now() + timedelta(days=9))
        with transaction():
            members.invite(
                scope, email="bo@hanse-systems.example", role="member", language="en", at=clock.now()
            )
            shares.share(_reported(), label="Board", days=30, who="Ines", at=clock.now())
            follow_up.keep(
                db.session.scalars(select(Wave).join(Release)).one(),
                {},
                shown=True,
                who="Sam",
                at=clock.now(),
            )
            _own_words(scope)
            moving.ask(db.session.scalars(select(Account)).one(), "ines@new.example", at=clock.now())
    return app


def _own_words(scope: Scope) -> None:
    """An instrument of their own, with a fault and a question that German lacks."""
    made = draft.of(catalog.packaged("core/1"), "core/1")
    draft.reword(made, "en", "Q01", "Surely I can say what is wrong.")
    made["words"]["en"]["concerns"][draft.add_concern(made, "people")] = "The night shift is far away"
    shelf.put(scope, made, "Our words", at=clock.now())


def _reported() -> Engagement:
    return db.session.scalars(select(Wave).join(Release)).one().engagement


def _values(app: Flask) -> Mapping[str, Sequence[str]]:
    """What may stand in an address: 'door' or 'door.argument' -> its values."""
    here, secret = installation(), str(app.config["SECRET_KEY"])
    account = db.session.scalars(select(Account)).one()
    asked = db.session.scalars(select(MemberInvitation)).one()
    sponsors = db.session.scalars(select(Sponsor)).all()
    found = db.session.scalars(select(Share)).all()
    letters = {
        letter.subject: letter.name for letter in Mailbox(here.settings.data_dir / "mailbox").letters()
    }
    return {
        "seller.key": db.session.scalars(select(Engagement.key)).all(),
        "seller.number": [str(account.id)],
        "seller.name": [one.name for one in db.session.scalars(select(OwnInstrument))],
        "seller.version": ["1"],
        "sponsor.token": [
            here.links.token(PURPOSE, bytes.fromhex(one.link), one.link_version) for one in sponsors
        ],
        "reader.token": [shares.token(here.links, one) for one in found],
        "public.confirm.token": ["void", links.confirm_token(secret, account)],
        "public.reset.token": ["void", links.reset_token(secret, account)],
        "public.new_address.token": ["void", links.moving_token(secret, account)],
        "public.join.token": ["void", links.invitation_token(secret, asked)],
        "mailbox.name": list(letters.values()),
    }


def _addresses(app: Flask, door: str) -> list[str]:
    """Every page of a door."""
    found = []
    with app.app_context(), app.test_request_context():
        values = _values(app)
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if (
                rule.endpoint.split(".")[0] != door
                or "GET" not in (rule.methods or ())
                or rule.endpoint in FILES
            ):
                continue
            names = sorted(rule.arguments)
            offered = [values.get(f"{rule.endpoint}.{name}") or values[f"{door}.{name}"] for name in names]
            for chosen in product(*offered):
                found.append(adapter.build(rule.endpoint, dict(zip(names, chosen, strict=True))))
    return sorted(set(found))


def test_no_page_of_a_personal_link_is_passed_over(app: Flask) -> None:
    rules = [str(rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    found = {rule.removeprefix("/a/<token>") for rule in rules if rule.startswith("/a/<token>")}
    assert found == {*BY_ADDRESS, *NO_PAGE}


def test_axe_is_looking(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(FAULTY)
    found = "\n".join(axe.violations(page))
    page.close()
    assert all(rule in found for rule in ("image-alt", "color-contrast", "html-has-lang"))


@pytest.mark.slow
@pytest.mark.parametrize("door", ["public", "seller", "sponsor", "reader", "mailbox"])
def test_no_page_of_a_door_has_a_fault(chromium: Browser, furnished: Flask, door: str) -> None:
    faults = []
    with browser.served(furnished) as site:
        page = chromium.new_page()
        if door == "seller":
            _sign_in(page, site)
        for address in _addresses(furnished, door):
            faults += [f"{address}: {fault}" for fault in _looked_at(page, site + address)]
            browser.shoot(page, f"{door}{address.replace('/', '-')[:60]}")
    page.close()
    assert not faults, "\n".join(faults)


def _looked_at(page: Page, address: str) -> list[str]:
    answer = page.goto(address)
    if answer is not None and "text/html" not in answer.headers.get("content-type", ""):
        return []  # for machines
    if answer is None or "sandbox" not in answer.headers.get("content-security-policy", ""):
        return axe.violations(page)
    letter = answer.text()  # no script runs where a letter is shown, not even axe
    page.goto("about:blank")
    page.set_content(letter)
    return axe.violations(page, axe.WCAG)


def _sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/sign-in")
    page.locator("[name=email]").fill(demo.ADDRESS)
    page.locator("[name=password]").fill(demo.PASSWORD)
    page.locator("main button").first.click()


def _pat(app: Flask) -> str:
    """Pat's personal link, in an engagement open for eleven days."""
    with app.app_context():
        play: Stage = stage(app, at=clock.now(), closes_at=clock.now() + timedelta(days=11))
        play.launch()
        return "/a/" + play.tokens()["legal1@nordlicht.example"]


IN_TWO_LANGUAGES = pytest.mark.parametrize(
    "language",
    [pytest.param(one, marks=[] if one in ("en", "ar") else pytest.mark.long) for one in LANGUAGES],
)


@IN_TWO_LANGUAGES
def test_no_page_of_the_way_through_has_a_fault(chromium: Browser, app: Flask, language: str) -> None:
    link, faults = _pat(app), []
    with browser.served(app) as site:
        page = chromium.new_context(locale=language).new_page()
        for name in _walk(page, site + link, language):
            assert page.locator("html").get_attribute("lang") == language, name
            faults += [f"{name}: {fault}" for fault in axe.violations(page)]
        page.context.close()
    assert not faults, "\n".join(faults)


#: Pages nobody is led to, and facts they are drawn with.
WRONG_TURNS: Mapping[str, Mapping[str, bool]] = {
    "closed.html": {},
    "lost.html": {},
    "called_off.html": {},
    "taken.html": {},
    "unsafe.html": {},
    "busy.html": {},
    "broken.html": {},
    "malformed.html": {"is_large": True},
}


@IN_TWO_LANGUAGES
def test_no_page_of_a_wrong_turn_has_a_fault(chromium: Browser, app: Flask, language: str) -> None:
    link, faults = _pat(app), []
    with browser.served(app) as site:
        page = chromium.new_context(locale=language).new_page()
        for name, facts in WRONG_TURNS.items():
            with app.test_request_context(f"{link}?language={language}"):
                drawn = pages.draw(name, callers.find(link.removeprefix("/a/")), **facts)
            page.route("**/wrong-turn", partial(_answer, drawn))
            page.goto(f"{site}/wrong-turn")
            assert page.locator("html").get_attribute("lang") == language, name
            faults += [f"{name}: {fault}" for fault in axe.violations(page)]
            browser.shoot(page, f"respondent-{name.removesuffix('.html')}-{language}")
        page.context.close()
    assert not faults, "\n".join(faults)


def _answer(drawn: str, route: Route) -> None:
    route.fulfill(body=drawn, content_type="text/html; charset=utf-8")


def test_every_page_of_the_answering_door_is_looked_at() -> None:
    """By walking through, or among the wrong turns."""
    folder = Path(__file__).parents[2] / "templates" / "respondent"
    walked = {
        "welcome",
        "screen",
        "check",
        "receipt",
        "spent",
        "ask_receipt",
        "not_counted",
        "counted",
        "withdraw",
    }
    walked |= {"withdrawn", "stop", "how", "terms", "wrong_person", "unknown", "page"}
    assert {one.name for one in folder.iterdir()} == {f"{one}.html" for one in walked} | set(WRONG_TURNS)


def _walk(page: Page, link: str, language: str) -> Iterator[str]:
    """Every page someone with a link may come to, each named; pressed by position, whatever the words."""
    onward = page.locator("main button[value=next]")
    for name in BY_ADDRESS:
        page.goto(f"{link}{name}?language={language}")
        yield name or "welcome"
    browser.turn(page, onward)
    while page.locator("textarea").count() == 0:
        yield page.title()
        page.locator("main input[type=radio], main input[type=checkbox]").first.check()
        browser.turn(page, onward)
    page.locator("textarea").first.fill("ä" * 401)
    browser.turn(page, onward)
    yield "a text that is too long"
    page.locator("textarea").first.fill("Legal 1 is as the only one against it.")
    browser.turn(page, onward)
    yield "check"
    browser.turn(page, page.locator("button[formaction$=send]"))
    yield "receipt"
    receipt = page.locator("#receipt").inner_text()
    page.goto(f"{link}?language={language}")
    yield "spent"
    yield from _by_receipt(page, link, language, receipt)
    page.goto(f"{link}x?language={language}")
    yield "unknown"


def _by_receipt(page: Page, link: str, language: str, receipt: str) -> Iterator[str]:
    act = page.locator("main button[name=act]")
    for typed, name in (("short", "no receipt"), ("A" * 26, "not counted"), (receipt, "counted")):
        page.goto(f"{link}/receipt?language={language}")
        page.locator("#receipt").fill(typed)
        act.first.click()
        yield name
    act.nth(1).click()
    yield "withdraw?"
    act.first.click()
    yield "withdrawn"
    page.goto(f"{link}/stop?language={language}")
    page.locator("main form button").click()
    yield "stopped"
