"""A flood at the door is turned away; who it came from is not written down."""

from datetime import timedelta

import pytest
from flask import Flask
from web.respondent.paper_browser import PaperBrowser

from survey_service.foundation import clock
from survey_service.web import limits

FLOODING, ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}, {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture
def app(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Five pages a minute."""
    monkeypatch.setattr(limits, "FLOOD", "5 per minute")
    limits.floods.storage.reset()
    app.config.update(RATELIMIT_ENABLED=True)
    return app


def test_a_flood_gets_a_calm_page_and_others_are_still_let_in(
    app: Flask, pat: PaperBrowser, link: str
) -> None:
    for _ in range(5):
        assert pat.client.get(link, environ_overrides=FLOODING).status_code == 200
    turned_away = pat.client.get(link, environ_overrides=FLOODING)
    assert turned_away.status_code == 429
    assert "Busy just now" in turned_away.get_data(as_text=True)
    assert "Set-Cookie" not in turned_away.headers
    assert pat.client.get(link, environ_overrides=ELSEWHERE).status_code == 200
    assert {pat.client.get(link).status_code for _ in range(9)} == {200}


def test_a_network_is_known_by_a_hash_that_is_another_tomorrow(
    app: Flask,
    pat: PaperBrowser,
    link: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    for _ in range(7):
        pat.client.get(link, environ_overrides=FLOODING)
    storage = limits.floods.storage
    kept = " ".join(map(str, storage.storage))  # type: ignore[attr-defined]
    assert kept
    for seen in (kept, caplog.text):
        assert "203.0.113" not in seen
    with app.test_request_context(environ_base=FLOODING):
        today = limits._network()
        tomorrow = clock.now() + timedelta(days=1)
        monkeypatch.setattr(limits, "now", lambda: tomorrow)
        assert limits._network() != today
        assert today in kept
