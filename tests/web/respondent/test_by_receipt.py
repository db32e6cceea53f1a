"""With the receipt: counted or not, replace everything, withdraw; never a look at the answers."""

import re
from collections.abc import Callable
from datetime import timedelta

from web.respondent.paper_browser import PaperBrowser

from survey_service.answers import receipts

Opened = Callable[[str], tuple[dict[str, object], list[str]]]
Boxes = Callable[[], tuple[int, int]]
Later = Callable[[timedelta], None]


def type_in(browser: PaperBrowser, link: str, receipt: str) -> None:
    """Open the receipt page and type."""
    browser.open(f"{link}/receipt")
    browser.press("Continue", receipt=receipt)


def test_pat_sees_that_the_answers_are_counted_but_not_what_they_are(pat: PaperBrowser, link: str) -> None:
    receipt = pat.answer(link, Q01="4", text1="MARKER")
    type_in(pat, link, receipt.lower().replace("-", " "))
    assert "Your answers are counted" in pat.text
    assert "MARKER" not in pat.text
    pat.press("Answer again")
    assert "MARKER" not in pat.text
    assert not re.search(r"<input[^>]* checked", pat.text)


def test_pat_replaces_everything_and_keeps_the_receipt(
    pat: PaperBrowser, link: str, opened: Opened, boxes: Boxes
) -> None:
    receipt = pat.answer(link, Q01="4", Q02="1", concern=["K01"], text1="Before")
    type_in(pat, link, receipt)
    pat.press("Answer again")
    pat.press("Continue", Q01="2")
    while pat.form.buttons[0].value == "next":
        pat.press("Continue")
    assert "replaces everything" in pat.text
    pat.press("Send")
    assert "Your answers are replaced" in pat.text
    assert pat.receipt == receipt
    sheet, texts = opened(receipt)
    assert (sheet["answers"], sheet["concerns"], texts) == ({"Q01": 2}, [], ["", ""])
    assert boxes() == (1, 1)


def test_pat_withdraws_after_a_second_question(pat: PaperBrowser, link: str, boxes: Boxes) -> None:
    receipt = pat.answer(link, Q01="4")
    type_in(pat, link, receipt)
    pat.press("Withdraw my answers")
    assert boxes() == (1, 1)
    pat.press("Yes, withdraw everything")
    assert "Your answers are withdrawn" in pat.text
    assert boxes() == (0, 0)


def test_keeping_the_answers_after_all_changes_nothing(pat: PaperBrowser, link: str, boxes: Boxes) -> None:
    type_in(pat, link, pat.answer(link))
    pat.press("Withdraw my answers")
    pat.press("Keep my answers")
    assert "Your answers are counted" in pat.text
    assert boxes() == (1, 1)


def test_withdrawn_and_unknown_look_alike(pat: PaperBrowser, link: str) -> None:
    receipt = pat.answer(link)
    pat.post(f"{link}/receipt", {"receipt": receipt, "act": "withdraw-now"})
    pages = set()
    for typed in (receipt, receipts.shown(receipts.fresh_receipt())):
        for act in ("look", "replace", "withdraw", "withdraw-now"):
            pat.post(f"{link}/receipt", {"receipt": typed, "act": act})
            pages.add((pat.page.status_code, pat.text))
    assert len(pages) == 1
    assert "No answers are counted under this receipt" in pages.pop()[1]


def test_a_withdrawn_sheet_cannot_be_replaced(pat: PaperBrowser, link: str, boxes: Boxes) -> None:
    receipt = pat.answer(link)
    pat.post(f"{link}/receipt", {"receipt": receipt, "act": "withdraw-now"})
    pat.post(f"{link}/send", {"receipt": receipt, "replaces": "1", "checked": "1", "Q01": "1"})
    assert "No answers are counted under this receipt" in pat.text
    pat.post(f"{link}/questions", {"receipt": receipt, "replaces": "1"})
    assert "You have answered" in pat.text
    assert boxes() == (0, 0)


def test_something_else_than_a_receipt_is_kept_with_a_message(pat: PaperBrowser, link: str) -> None:
    type_in(pat, link, "ABCD<EFG")
    assert "This is not a receipt yet" in pat.text
    assert 'value="ABCD&lt;EFG"' in pat.text
    assert 'href="#receipt"' in pat.text


def test_after_the_close_every_receipt_gets_the_same_page(pat: PaperBrowser, link: str, later: Later) -> None:
    receipt = pat.answer(link)
    later(timedelta(days=12))
    pages = set()
    for typed in (receipt, receipts.fresh_receipt(), "nonsense"):
        pat.post(f"{link}/receipt", {"receipt": typed, "act": "look"})
        pages.add(pat.text)
    pat.open(f"{link}/receipt")
    pages.add(pat.text)
    assert len(pages) == 1
    assert "This survey has closed" in pages.pop()
