"""What every answer tells browsers; and that a proxy is believed as far as it is counted."""

from pathlib import Path

import pytest
from flask import Flask, request
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser
from village import Village
from visitor import TOKEN

from survey_service.app import create_app
from survey_service.foundation import site
from survey_service.foundation.settings import Settings
from survey_service.web.security import FRAMED

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def production(place: Path, proxies: int = 0) -> Flask:
    environ = {
        "SURVEY_DATA_DIR": str(place / "data"),
        "SURVEY_KEY_DIR": str(place / "keys"),
        "SURVEY_SECRET": "s" * 40,
        "SURVEY_BASE_URL": "https://localhost",
        "SURVEY_SMTP_URL": "smtp://127.0.0.1:25",
        "SURVEY_MAIL_FROM": "no-reply@survey.example",
        "SURVEY_OPERATOR": "Example Hosting",
        "SURVEY_TRUSTED_PROXIES": str(proxies),
    }
    return create_app(Settings.from_environ(environ))


def test_every_door_and_every_refusal_carries_the_headers(village: Village) -> None:
    doors = ["/", "/sign-in", "/desk/", "/no/such/page", "/healthz", f"/a/{village.at.stakeholder}", "/a/x"]
    doors += [f"/s/{village.at.sponsor['open']}/", f"/r/{village.at.share}", "/dev/mailbox"]
    for address in doors:
        headers = village.client("ines").get(address).headers
        for name, value in EVERYWHERE.items():
            assert headers[name] == value, (address, name)
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == policy["base-uri"] == "'none'"
        assert policy["frame-ancestors"] == "'none'", address
        assert policy["script-src"] == policy["form-action"] == "'self'"
        for right in ("camera", "microphone", "geolocation"):
            assert f"{right}=()" in headers["Permissions-Policy"]


def test_behind_a_proxy_that_speaks_tls_forms_of_our_own_pages_are_taken(tmp_path: Path) -> None:
    """Browsers send no Referer, because we ask them not to; a page elsewhere is refused, token or not."""
    client = production(tmp_path, proxies=1).test_client()
    there = {"base_url": "https://localhost", "environ_base": {"REMOTE_ADDR": "127.0.0.1"}}
    proxied = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
    page = client.get("/sign-in", headers=proxied, **there)
    assert page.headers["Set-Cookie"].startswith("__Host-session=")
    assert "Secure; HttpOnly; Path=/; SameSite=Lax" in page.headers["Set-Cookie"]
    found = TOKEN.search(page.text)
    assert found
    form = {"csrf_token": found[1], "language": "de"}
    for said, status in (
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 302),
        ({"Origin": "https://localhost"}, 302),
        ({}, 302),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Origin": "https://evil.example"}, 400),
    ):
        assert client.post("/language", data=form, headers=proxied | said, **there).status_code == status, (
            said
        )


def test_only_previews_and_letters_may_stand_in_a_frame_of_our_own(village: Village) -> None:
    assert set(village.app.view_functions) >= FRAMED
    page = village.client("ines").get(f"/desk/engagements/{village.at.prepared}/preview/page")
    assert page.status_code == 200
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]


def test_browsers_are_told_to_come_by_tls_alone_whatever_the_proxy_says(tmp_path: Path) -> None:
    told = production(tmp_path).test_client().get("/healthz")
    assert told.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("proxies", "address"),
    [(0, "192.0.2.1"), (1, "198.51.100.7"), (2, "203.0.113.9")],
)
def test_networks_are_told_by_as_many_proxies_as_are_counted(
    tmp_path: Path, proxies: int, address: str
) -> None:
    """What a visitor writes there himself stands further left; a host by header is never believed."""
    app = production(tmp_path, proxies)
    app.view_functions["public.healthz"] = lambda: (
        f"{request.remote_addr} {request.host}{request.script_root}"
    )
    told = app.test_client().get(
        "/healthz",
        environ_base={"REMOTE_ADDR": "192.0.2.1"},
        headers={
            "X-Forwarded-For": "10.6.6.6, 203.0.113.9, 198.51.100.7",
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Prefix": "/evil",
        },
    )
    assert told.text == f"{address} localhost"


def test_no_visitor_says_under_what_path_the_site_lies(village: Village) -> None:
    """Behind a proxy that speaks by a Unix socket gunicorn believes what it hands on, and pages are kept.

    With SCRIPT_NAME: //evil.example everybody's answers would have been posted there.
    """
    told = Config()
    for name in ("forwarded_allow_ips", "forwarder_headers", "secure_scheme_headers"):
        told.set(name, getattr(site, name))
    asked = b"GET //evil.example/a HTTP/1.1\r\nHost: localhost\r\nSCRIPT_NAME: //evil.example\r\n"
    read = next(RequestParser(told, iter([asked + b"X-Forwarded-Proto: https\r\n\r\n"]), ""))
    assert "SCRIPT_NAME" not in dict(read.headers)
    assert read.scheme == "http"
    address = f"/a/{village.at.stakeholder}"
    client = village.app.test_client()
    assert client.get(address, environ_overrides={"SCRIPT_NAME": "//evil.example"}).status_code == 400
    assert "evil.example" not in client.get(address).text
