"""Every wrong turn ends at a calm page, and looking never changes anything."""

import logging
import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest
from cast import Stage
from flask import Flask
from sqlalchemy import text
from web.respondent.paper_browser import PaperBrowser

from survey_service.answers import intake
from survey_service.foundation import db as database
from survey_service.foundation.db import db, transaction

Boxes = Callable[[], tuple[int, int]]
Later = Callable[[timedelta], None]

PAGES = ("", "/questions", "/send", "/receipt", "/how", "/terms", "/terms.json", "/stop")


def dump(app: Flask) -> list[str]:
    """Every row of every table."""
    with app.app_context():
        tables = sorted(db.metadata.tables)
        return [repr(row) for name in tables for row in db.session.execute(text(f'SELECT * FROM "{name}"'))]


def test_looking_changes_nothing_whoever_looks_and_however_often(
    app: Flask, pat: PaperBrowser, link: str
) -> None:
    before = dump(app)
    for page in PAGES * 2:
        for look in (pat.client.get, pat.client.head, pat.client.options):
            assert look(link + page).status_code in (200, 303)
    assert dump(app) == before


def test_no_page_sets_a_cookie_or_lets_itself_be_kept(pat: PaperBrowser, link: str) -> None:
    answers = [pat.client.get(link + page) for page in PAGES]
    answers += [pat.client.post(link + page, data={"Q01": "4"}) for page in PAGES]
    answers += [pat.client.get("/a/unknown"), pat.client.get(f"{link}?language=de")]
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("page", ["/questions", "/send"])
def test_an_address_without_its_form_leads_to_the_welcome(pat: PaperBrowser, link: str, page: str) -> None:
    pat.open(link + page)
    assert pat.page.request.path == link
    assert "Start" in pat.text
    pat.open(f"{link}{page}?language=de")
    assert '<html lang="de"' in pat.page.text


@pytest.mark.parametrize("token", ["x", "A" * 24, "A" * 5000, "%00", "%F0%9F%9A%B2", "AAAA%20AAAA"])
def test_a_link_that_opens_nothing_gets_one_page(pat: PaperBrowser, link: str, token: str) -> None:
    pat.open("/a/unknown")
    usual = pat.text
    assert "This link does not work" in usual
    for page in ("", "/how", "/receipt"):
        pat.open(f"/a/{token}{page}")
        assert pat.page.status_code == 404
        assert pat.text == usual


def test_a_link_with_one_letter_changed_or_cut_off_gets_the_same_page(pat: PaperBrowser, link: str) -> None:
    pat.open("/a/unknown")
    usual = pat.text
    other = "A" if link[-1] != "A" else "B"
    for wrong in (link[:-1], link[:-1] + other, link + "A", "/a/" + link[3:].swapcase()):
        pat.open(wrong)
        assert (pat.page.status_code, pat.text) == (404, usual)


def test_a_spent_link_says_thanks_and_points_to_the_receipt(pat: PaperBrowser, link: str) -> None:
    pat.answer(link)
    pat.open(link)
    assert pat.page.status_code == 200
    assert "You have answered" in pat.text
    assert f"{link}/receipt" in pat.text
    pat.post(f"{link}/questions", {"Q01": "1"})
    assert "You have answered" in pat.text


def test_a_forwarded_link_names_nobody_and_says_so_once_it_is_used(
    app: Flask, pat: PaperBrowser, link: str
) -> None:
    other = PaperBrowser(app)
    for page in ("", "/how", "/terms", "/receipt", "/stop"):
        other.open(link + page)
        assert "Operations 1" not in other.text
        assert "operations1@" not in other.text
    other.answer(link)
    pat.open(link)
    assert "someone else has used your link, perhaps because the letter was passed on" in pat.text


def test_a_closed_link_says_when_and_that_nothing_is_needed(
    pat: PaperBrowser, link: str, later: Later
) -> None:
    later(timedelta(days=12))
    pat.open(link)
    first = pat.text
    pat.post(f"{link}/questions", {})
    assert pat.text == first
    assert "This survey has closed" in first
    assert "(Berlin)" in first
    assert "Nothing more is needed" in first


def test_the_link_of_a_lost_wave_says_so(app: Flask, play: Stage, pat: PaperBrowser, link: str) -> None:
    with app.app_context(), transaction():
        play.wave.state = "lost"
    pat.open(link)
    assert "This survey had to be stopped" in pat.text


def test_the_link_needs_its_key(app: Flask, play: Stage, pat: PaperBrowser, link: str) -> None:
    with app.app_context():
        (play.here.keys.path / "link.key").rename(play.here.keys.path / "elsewhere")
    pat.open(link)
    assert pat.page.status_code == 503
    assert "Answering is not possible just now" in pat.text


def test_a_body_of_ten_megabytes_is_refused_in_words(pat: PaperBrowser, link: str, boxes: Boxes) -> None:
    pat.post(f"{link}/send", {"text1": "x" * 10_000_000})
    assert pat.page.status_code == 413
    assert "Nothing was stored" in pat.text
    assert boxes() == (0, 0)


def test_more_parts_than_a_form_has_are_refused_in_words(pat: PaperBrowser, link: str) -> None:
    boundary = "x"
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="f"\r\n\r\n1\r\n'
    kind = f"multipart/form-data; boundary={boundary}"
    answer = pat.client.post(f"{link}/send", data=part * 1500 + f"--{boundary}--", content_type=kind)
    assert answer.status_code == 413
    assert "Nothing was stored" in answer.get_data(as_text=True)


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", ""])
def test_a_body_that_is_no_form_is_an_empty_form(
    pat: PaperBrowser, link: str, kind: str, boxes: Boxes
) -> None:
    answer = pat.client.post(f"{link}/send", data=b'{"Q01": 4}\xff\xfe', content_type=kind)
    assert answer.status_code in (200, 400)
    assert boxes() == (0, 0)


@pytest.mark.parametrize("screen", ["-1", "99999999999999999999", "1.5", "٣", "", "\x00", "8", "9"])
def test_a_screen_that_is_none_is_no_trouble(pat: PaperBrowser, link: str, screen: str) -> None:
    for go in ("next", "back", "check", "Q99", screen):
        pat.post(f"{link}/questions", {"screen": screen, "go": go})
        assert pat.page.status_code == 200


def test_our_own_fault_is_a_calm_page_and_the_log_holds_no_answer(
    pat: PaperBrowser, link: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_facts: object) -> None:
        raise ValueError("MARKER")

    monkeypatch.setattr(intake, "deposit", fail)
    pat.open(link)
    pat.post(f"{link}/questions", {"go": "check"})
    caplog.set_level(logging.DEBUG)
    pat.press("Send")
    assert pat.page.status_code == 500
    assert "Something went wrong on our side" in pat.text
    assert "ValueError" in caplog.text
    assert "MARKER" not in caplog.text


def test_a_verb_no_page_knows_gets_a_calm_page(pat: PaperBrowser, link: str) -> None:
    answer = pat.client.delete(link)
    assert answer.status_code == 405
    assert "This page does not exist" in answer.get_data(as_text=True)


def test_a_busy_database_says_that_sending_again_is_safe(
    app: Flask, play: Stage, pat: PaperBrowser, link: str, monkeypatch: pytest.MonkeyPatch, boxes: Boxes
) -> None:
    pat.open(link)
    pat.post(f"{link}/questions", {"go": "check"})
    with app.app_context():
        file = str(db.engine.url.database)
        db.engine.dispose()
    monkeypatch.setattr(database, "BUSY_MILLISECONDS", 50)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    before = pat.form
    pat.press("Send")
    assert pat.page.status_code == 503
    assert "a second sending is safe and never counts twice" in pat.text
    other.execute("ROLLBACK")
    other.close()
    pat.form = before
    pat.press("Send")
    assert "Thank you. Your answers are in." in pat.text
    assert boxes() == (1, 1)


def test_a_slash_at_the_end_of_the_link_does_no_harm(pat: PaperBrowser, link: str) -> None:
    answer = pat.client.get(f"{link}/?language=de")
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{link}?language=de")
    meddled = pat.client.get(f"{link}/?token=x&_external=1&_scheme=javascript")
    assert meddled.headers["Location"] == link


def test_an_address_below_this_door_that_leads_nowhere_ends_at_its_own_page(
    pat: PaperBrowser, link: str
) -> None:
    own = pat.client.get("/a/unknown").text
    for astray in (f"{link}/elsewhere", f"{link}/how/", "/a/un/known/", f"{link}//"):
        answer = pat.client.get(astray, follow_redirects=True)
        assert (answer.status_code, answer.text) == (404, own), astray
