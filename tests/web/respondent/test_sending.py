"""Send: once, however often it is pressed, whatever else happens."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from cast import Stage
from flask import Flask
from web.respondent.paper_browser import PaperBrowser

from survey_service.answers import receipts

Opened = Callable[[str], tuple[dict[str, object], list[str]]]
Boxes = Callable[[], tuple[int, int]]
Later = Callable[[timedelta], None]


@pytest.fixture
def app(app_on_each_database: Flask) -> Flask:
    """Sending is tried on each database."""
    return app_on_each_database


def form(**said: str) -> dict[str, str]:
    """A complete form with a receipt of its own."""
    return {"receipt": receipts.fresh_receipt(), "checked": "1", **said}


def test_the_receipt_page_shows_groups_and_a_picture_of_the_receipt_alone(
    pat: PaperBrowser, link: str
) -> None:
    receipt = pat.answer(link, Q01="4")
    assert len(receipt.replace("-", "")) == receipts.LENGTH
    assert "<svg" in pat.text
    assert "Keep this to yourself." in pat.text
    assert pat.page.status_code == 200


def test_a_send_that_is_retried_shows_the_receipt_again_and_counts_once(
    pat: PaperBrowser, link: str, boxes: Boxes
) -> None:
    sent = form(Q01="4")
    pat.post(f"{link}/send", sent)
    first = pat.receipt
    pat.post(f"{link}/send", sent)
    assert pat.receipt == first
    assert pat.page.status_code == 200
    assert boxes() == (1, 1)


def test_a_retry_with_other_answers_says_that_the_first_ones_count(
    pat: PaperBrowser, link: str, opened: Opened
) -> None:
    sent = form(Q01="4")
    pat.post(f"{link}/send", sent)
    pat.post(f"{link}/send", {**sent, "Q01": "1"})
    assert "counted as they were then" in pat.text
    assert opened(pat.receipt)[0]["answers"] == {"Q01": 4}


def test_a_second_tab_that_sends_later_learns_that_the_link_is_used(
    app: Flask, link: str, boxes: Boxes
) -> None:
    tab, other = PaperBrowser(app), PaperBrowser(app)
    tab.post(f"{link}/send", form(Q01="1"))
    other.post(f"{link}/send", form(Q01="5"))
    assert other.page.status_code == 409
    assert "You have answered" in other.text
    assert boxes() == (1, 1)


def test_two_browsers_at_the_same_moment_give_one_deposit(app: Flask, link: str, boxes: Boxes) -> None:
    start, statuses = threading.Barrier(6), []

    def send() -> None:
        browser = PaperBrowser(app)
        start.wait()
        browser.post(f"{link}/send", form(Q01="3"))
        statuses.append(browser.page.status_code)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [409] * 5
    assert boxes() == (1, 1)


def test_a_form_without_its_receipt_comes_back_to_the_check_page(
    pat: PaperBrowser, link: str, boxes: Boxes
) -> None:
    pat.post(f"{link}/send", {"Q01": "4", "receipt": "nonsense"})
    assert "Before you send" in pat.text
    assert boxes() == (0, 0)
    pat.press("Send")
    assert boxes() == (1, 1)


def test_the_receipt_stays_the_same_between_two_looks_at_the_check_page(pat: PaperBrowser, link: str) -> None:
    pat.post(f"{link}/questions", {"go": "check"})
    first = pat.form.sent["receipt"]
    pat.press("Back")
    pat.press("Back to checking")
    assert pat.form.sent["receipt"] == first
    pat.press("Send")
    assert pat.receipt == receipts.shown(first)


def test_a_text_too_long_is_not_sent(pat: PaperBrowser, link: str, boxes: Boxes) -> None:
    pat.post(f"{link}/send", form(text2="x" * 401))
    assert "Shorten it to 400 characters" in pat.text
    assert boxes() == (0, 0)


def test_what_no_page_offers_is_left_out(pat: PaperBrowser, link: str, opened: Opened) -> None:
    strange = form(Q01="6", Q02="4 ", Q03="\x00", Q04="dk", Q99="1", group="Legal", text1="a\x00b")
    pat.post(f"{link}/send", {**strange, **{f"f{number}": "x" for number in range(1000)}})
    sheet, texts = opened(pat.receipt)
    assert sheet["answers"] == {"Q04": "dk"}
    assert sheet["group"] == "Operations"
    assert texts == ["ab", ""]


def test_ticks_arrive_once_each(pat: PaperBrowser, link: str, opened: Opened) -> None:
    pat.post(f"{link}/send", {**form(), "concern": ["K02", "K02", "K99", ""]})
    assert opened(pat.receipt)[0]["concerns"] == ["K02"]


def test_a_form_of_another_link_is_not_swallowed(
    app: Flask, play: Stage, pat: PaperBrowser, link: str, boxes: Boxes
) -> None:
    with app.app_context():
        other = play.tokens()["operations2@nordlicht.example"]
    sent = form(Q01="4")
    pat.post(f"{link}/send", sent)
    pat.post(f"/a/{other}/send", sent)
    assert pat.page.status_code == 409
    assert "This form belongs to another link" in pat.text
    pat.open(f"/a/{other}")
    assert "Start" in pat.text
    assert boxes() == (1, 1)


def test_a_form_sent_after_the_closing_time_is_told_so(
    pat: PaperBrowser, link: str, later: Later, boxes: Boxes
) -> None:
    pat.post(f"{link}/questions", {"go": "check"})
    later(timedelta(days=12))
    pat.press("Send")
    assert "This survey has closed" in pat.text
    assert boxes() == (0, 0)


def test_without_the_key_directory_nothing_is_stored_and_the_log_is_loud(
    app: Flask, play: Stage, pat: PaperBrowser, link: str, boxes: Boxes, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        path = play.here.keys.path
    path.rename(path.with_name("gone"))
    pat.post(f"{link}/send", form(Q01="4"))
    assert pat.page.status_code == 503
    assert "Nothing was stored" in pat.text
    assert boxes() == (0, 0)
    assert [record for record in caplog.records if record.levelno >= logging.CRITICAL]


def test_at_its_most_talkative_the_log_knows_nothing_of_a_visit(
    pat: PaperBrowser, link: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receipt = pat.answer(link, Q01="4", text1="MARKER")
    assert not [record.name for record in caplog.records if record.name.startswith("survey_service")]
    for secret in (link.removeprefix("/a/"), receipt, receipt.replace("-", ""), "MARKER", "operations1"):
        assert secret not in caplog.text
