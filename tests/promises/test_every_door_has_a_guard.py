"""Every door says for whom it is, and the guard that audience needs stands in front of every route."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from village import Village, everything
from visitor import TOKEN

from survey_service.app import create_app
from survey_service.foundation.settings import Settings
from survey_service.web.audiences import AUDIENCES, BY_LINK, Door
from survey_service.web.security import FRAMED

#: Routes that anyone may open, each with its reason.
PUBLIC = {
    "static": "styles, script and fonts, the same for all",
    "public.healthz": "for whoever watches the server; says that the process answers",
    "public.readyz": "for whoever watches the server; names which of database and keys is not in order",
    "public.landing": "the first page",
    "public.accent": "the style sheet of a colour; the colour is in its address",
    "public.speak": "the language of the pages; a cookie, or one's own account",
    "public.sign_up": "nobody has an account before",
    "public.look_into_mailbox": "says that a letter is on its way, whether there is an account or not",
    "public.confirm": "its letter is the proof; a stale link opens nothing",
    "public.sign_in": "nobody is signed in before",
    "public.second_factor": "only after the right password, for the account it belongs to",
    "public.unconfirmed": "only after the right password, for the account it belongs to",
    "public.sign_out": "ends the session of whoever sends it",
    "public.no_workspace": "for an account without a workspace; the rest are sent to sign in",
    "public.ask_reset": "nobody who lost the password can sign in",
    "public.reset": "its letter is the proof; a used link opens nothing",
    "public.new_address": "its letter is the proof; a stale link opens nothing",
    "public.lost_link": "its letter goes to the address alone; the page is the same in any case",
    "public.join": "its letter is the proof; a void link opens nothing",
}
#: What is drawn anew for each page: receipt, order of questions, number of the request.
RECEIPT = re.compile(
    r'(?:name="(?:receipt|order)" value="[^"]*"|<code>[a-z2-9]{16}</code>|\b[A-Z0-9]{4}(?:-[A-Z0-9]{4})+\b)'
)
WITH_SESSION = ("public", "seller")
VALUES = {
    "way": "x/astray",
    "number": 1,
    "key": "abcdefghijkm",
    "link": "0" * 16,
    "token": "x",
    "form": "json",
    "name": "x",
    "version": 1,
}


def routes(app: Flask, *audiences: str) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and an address of every route behind doors for these audiences."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            door = app.blueprints.get(rule.endpoint.partition(".")[0])
            if isinstance(door, Door) and door.audience in audiences:
                address = re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda found: str(VALUES[found[1]]), rule.rule)
                for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                    yield rule.endpoint, method, address


def test_every_door_declares_its_audience(app: Flask) -> None:
    assert len(app.blueprints) >= 6
    for door in app.blueprints.values():
        assert isinstance(door, Door), f"{door.name} says for nobody"
        assert door.audience in AUDIENCES


def test_every_route_stands_behind_a_door(app: Flask) -> None:
    outside = {rule.endpoint for rule in app.url_map.iter_rules() if "." not in rule.endpoint}
    assert outside == {"static"}


def test_an_audience_nobody_has_explained_is_refused() -> None:
    with pytest.raises(ValueError, match="audience"):
        Door("annex", __name__, audience="everybody")


def test_public_routes_are_listed_with_their_reason(app: Flask) -> None:
    found = {endpoint for endpoint, _, _ in routes(app, "public")} | {"static"}
    assert found == set(PUBLIC)


def test_who_is_not_signed_in_is_sent_to_sign_in_from_every_page_of_the_desk(app: Flask) -> None:
    client = app.test_client()
    for endpoint, method, address in routes(app, "seller"):
        answer = client.open(address, method=method)
        assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/sign-in"), endpoint


def test_every_form_behind_a_session_needs_its_token(village: Village) -> None:
    """A page elsewhere can make Ines's browser post, but cannot read the token."""
    app = village.app
    ines, carl = village.client("ines"), village.client("carl")
    app.config["WTF_CSRF_ENABLED"] = True
    found = TOKEN.search(carl.get("/desk/engagements/new").text)
    assert found
    before = everything(app)
    posts = [(endpoint, at) for endpoint, method, at in routes(app, *WITH_SESSION) if method == "POST"]
    assert len(posts) > 20
    for endpoint, address in posts:
        for form in ({}, {"csrf_token": found[1]}, {"csrf_token": "made up"}):
            answer = ines.post(address, data=form)
            assert answer.status_code == 400, (endpoint, form)
            assert "lay open for too long" in answer.text
    assert everything(app) == before


def test_no_page_but_previews_may_stand_in_a_frame(village: Village) -> None:
    """But a share whose sharer names a site, which has its own tests (web/reader/test_framing.py)."""
    ines, share = village.client("ines"), village.at.share
    for endpoint, method, address in routes(village.app, *AUDIENCES):
        if method == "GET":
            page = ines.get(address.replace("/r/x", f"/r/{share}", 1))
            who = "'self'" if endpoint in FRAMED else "'none'"
            assert page.headers["Content-Security-Policy"].endswith(f"; frame-ancestors {who}"), endpoint


def test_doors_opened_by_a_link_set_no_cookie_and_heed_none(village: Village) -> None:
    """The address is the key: a cookie would make a trail of whoever answers."""
    app = village.app
    ines, nobody = village.client("ines"), app.test_client()
    ines.post("/language", data={"language": "de"})
    for token in ("x", village.at.stakeholder, village.at.share, village.at.sponsor["closed"]):
        for endpoint, method, address in routes(app, *BY_LINK):
            place = address.replace("/x", f"/{token}", 1)
            seen = [client.open(place, method=method) for client in (nobody, ines)]
            assert seen[0].status_code == seen[1].status_code, endpoint
            assert [one.headers.get("Set-Cookie") for one in seen] == [None, None], endpoint
            assert RECEIPT.sub("", seen[0].text) == RECEIPT.sub("", seen[1].text), endpoint


def test_the_development_mailbox_is_not_there_in_production(app: Flask) -> None:
    assert any(routes(app, "development"))
    production = create_app(
        Settings.from_environ(
            {
                "SURVEY_DATA_DIR": app.instance_path,
                "SURVEY_KEY_DIR": "/nowhere/keys",
                "SURVEY_SECRET": "s" * 40,
                "SURVEY_BASE_URL": "https://survey.example",
                "SURVEY_SMTP_URL": "smtp://127.0.0.1:25",
                "SURVEY_MAIL_FROM": "no-reply@survey.example",
                "SURVEY_OPERATOR": "Example Hosting",
            }
        )
    )
    assert not any(routes(production, "development"))
    assert {endpoint for endpoint, _, _ in routes(production, "public")} | {"static"} == set(PUBLIC)


@pytest.mark.parametrize("audience", sorted(AUDIENCES))
def test_a_page_that_breaks_says_so_calmly_and_shows_no_trace(
    village: Village, audience: str, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(**_: object) -> str:
        raise RuntimeError("the secret plans of Nordlicht")

    app = village.app
    for endpoint in {endpoint for endpoint, _, _ in routes(app, audience)}:
        app.view_functions[endpoint] = breaks
    ines = village.client("ines") if audience == "seller" else app.test_client()
    VALUES["token"] = village.at.sponsor["open"] if audience == "sponsor" else "x"
    for endpoint, method, address in routes(app, audience):
        answer = ines.open(address, method=method)
        assert answer.status_code == 500, endpoint
        assert "<h1" in answer.text
        for trace in ("Traceback", "RuntimeError", "secret plans", "werkzeug", 'File "'):
            assert trace not in answer.text, endpoint
    assert caplog.records  # whoever runs the server can find out
