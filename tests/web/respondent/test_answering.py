"""The way through, by form posts alone."""

import re
from collections.abc import Callable

import pytest
from cast import Stage, stage
from flask import Flask
from web.respondent.paper_browser import PaperBrowser

from survey_service.answers import receipts
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.instrument import catalog
from survey_service.waves import amend
from survey_service.web import asking, packaged

Opened = Callable[[str], tuple[dict[str, object], list[str]]]
Boxes = Callable[[], tuple[int, int]]

SECTIONS = catalog.instrument("core/1").sections


def walk(browser: PaperBrowser, link: str, steps: int) -> None:
    """Start, and go on without answering."""
    browser.open(link)
    browser.press("Start")
    for _ in range(steps):
        browser.press("Continue")


def test_the_welcome_says_who_asks_about_what_and_where_answers_go(
    pat: PaperBrowser, play: Stage, link: str, app: Flask
) -> None:
    pat.open(link)
    with app.app_context():
        fingerprint = play.wave.terms_sha256[:4]
        operator = play.here.settings.operator
    for fact in ("Hanse Systems", "Nordlicht Energie", "one shared list", "Sam Sponsor", "22 people"):
        assert fact in pat.text
    assert "8 of them are in Operations" in pat.text
    assert "<strong>Operations</strong>, at least 5 people together; or in a larger part" in pat.text
    assert fingerprint in pat.text
    assert operator.replace("'", "&#39;") in pat.text
    assert "about 5 minutes" in pat.text


def test_someone_of_a_small_group_is_told_with_whom_they_are_shown(
    pat: PaperBrowser, play: Stage, app: Flask
) -> None:
    with app.app_context():
        token = play.tokens()["legal1@nordlicht.example"]
    pat.open(f"/a/{token}")
    assert "together with those of other groups (Finance), at least 5 people together" in pat.text


def test_pat_answers_without_script_and_the_box_holds_just_that(
    pat: PaperBrowser, link: str, opened: Opened
) -> None:
    receipt = pat.answer(
        link,
        Q01="4",
        Q24="dk",
        Q09="na",
        concern=["K05", "K01"],
        text1="Time to learn.",
        text2="Night shift",
    )
    sheet, texts = opened(receipt)
    assert sheet == {
        "group": "Operations",
        "answers": {"Q01": 4, "Q09": "na", "Q24": "dk"},
        "concerns": ["K01", "K05"],
    }
    assert texts == ["Time to learn.", "Night shift"]


def test_nothing_is_required_but_to_send(pat: PaperBrowser, link: str, opened: Opened) -> None:
    sheet, texts = opened(pat.answer(link))
    assert (sheet["answers"], sheet["concerns"], texts) == ({}, [], ["", ""])


def test_skipped_statements_are_listed_once_and_lead_back_to_themselves(pat: PaperBrowser, link: str) -> None:
    walk(pat, link, len(SECTIONS) + 2)
    assert "24 statements skipped" in pat.text
    pat.press(catalog.words("core/1", "en").questions["Q15"])
    pat.press("Back to checking", Q15="5")
    assert "23 statements skipped" in pat.text
    assert "You answered 1 of 24 statements." in pat.text


def test_going_back_keeps_what_was_chosen(pat: PaperBrowser, link: str) -> None:
    pat.open(link)
    pat.press("Start")
    pat.press("Continue", Q01="2")
    pat.press("Back", Q03="5")
    assert re.search(r'name="Q01" value="2" checked', pat.text)
    pat.press("Continue")
    assert re.search(r'name="Q03" value="5" checked', pat.text)


def test_concerns_stand_in_one_order_for_pat_and_another_for_others(app: Flask, link: str) -> None:
    orders = []
    for _ in range(4):
        browser = PaperBrowser(app)
        walk(browser, link, len(SECTIONS))
        first = re.findall(r'name="concern" value="(K\d\d)"', browser.text)
        browser.press("Continue")
        browser.press("Back")
        assert re.findall(r'name="concern" value="(K\d\d)"', browser.text) == first
        orders.append(tuple(first))
    assert sorted(orders[0]) == [concern.id for concern in catalog.instrument("core/1").concerns]
    assert len(set(orders)) > 1


def test_ticks_can_be_taken_back(pat: PaperBrowser, link: str) -> None:
    walk(pat, link, len(SECTIONS))
    pat.press("Continue", concern=["K01", "K02"])
    pat.press("Back")
    pat.press("Continue", concern=["K02"])
    pat.press("Back")
    assert re.findall(r'value="(K\d\d)" checked', pat.text) == ["K02"]


def test_the_language_can_be_changed_on_the_way_without_losing_an_answer(
    pat: PaperBrowser, link: str
) -> None:
    pat.open(link)
    pat.press("Start")
    pat.press("Deutsch", Q01="3")
    assert '<html lang="de"' in pat.text
    assert catalog.words("core/1", "de").questions["Q01"] in pat.text
    assert re.search(r'name="Q01" value="3" checked', pat.text)
    pat.press(pat.form.buttons[0].text)
    assert '<html lang="de"' in pat.text


@pytest.mark.parametrize("language", ["de", "ar"])
def test_the_language_one_answers_in_is_not_kept_with_the_answers(
    pat: PaperBrowser, link: str, opened: Opened, language: str
) -> None:
    sent = {"language": language, "checked": "1", "Q01": "2", "receipt": receipts.fresh_receipt()}
    pat.post(f"{link}/send", sent)
    assert f'<html lang="{language}"' in pat.text
    sheet, texts = opened(pat.receipt)
    assert sheet == {"group": "Operations", "answers": {"Q01": 2}, "concerns": []}
    assert texts == ["", ""]


def test_a_language_nobody_speaks_here_is_not_an_error(pat: PaperBrowser, link: str) -> None:
    pat.open(f"{link}?language=tlh")
    assert pat.page.status_code == 200
    assert '<html lang="en"' in pat.text


def test_without_a_sponsor_no_own_words_are_asked_or_taken(app: Flask, pat: PaperBrowser) -> None:
    with app.app_context():
        play = stage(app, sponsor=False, at=now(), closes_at=now().replace(year=now().year + 1))
        play.launch()
        token = play.tokens()["legal1@nordlicht.example"]
    walk(pat, f"/a/{token}", len(SECTIONS))
    assert "for the organisation as a whole: at least 5 people together" in pat.text
    pat.press("Continue", text1="PLANTED")
    assert "Before you send" in pat.text
    assert "PLANTED" not in pat.text


def test_a_text_that_is_too_long_is_kept_with_a_message_beside_it(
    pat: PaperBrowser, link: str, boxes: Boxes
) -> None:
    walk(pat, link, len(SECTIONS) + 1)
    pat.press("Continue", text1="ä" * 401)
    assert "Shorten it to 400 characters" in pat.text
    assert 'href="#text1"' in pat.text
    assert 'aria-invalid="true"' in pat.text
    assert "ä" * 401 in pat.text
    pat.press("Back")
    pat.press("Continue")
    assert "ä" * 401 in pat.text
    assert boxes() == (0, 0)


def test_line_breaks_count_once(pat: PaperBrowser, link: str) -> None:
    walk(pat, link, len(SECTIONS) + 1)
    pat.press("Continue", text1="a\r\n" * 199 + "bc")
    assert "Before you send" in pat.text


def test_emoji_and_line_breaks_arrive_as_written(pat: PaperBrowser, link: str, opened: Opened) -> None:
    _, texts = opened(pat.answer(link, text1="Eins 🚲\r\nzwei", text2="<b>\"&'"))
    assert texts == ["Eins 🚲\nzwei", "<b>\"&'"]


@pytest.mark.parametrize(
    ("words", "told"),
    [("Operations needs more people", "Operations"), ("As the only lawyer I worry", "As the only")],
)
def test_words_that_may_tell_who_wrote_are_pointed_out_before_sending(
    pat: PaperBrowser, link: str, words: str, told: str
) -> None:
    walk(pat, link, len(SECTIONS) + 1)
    pat.press("Continue", text1=words)
    assert "Your own words may show who you are." in pat.text
    assert f"<q>{told}</q>" in pat.text
    pat.press("Change what I wrote", text1=words)
    pat.press("Back to checking", text1="It costs too much.")
    assert "may show who you are" not in pat.text


def test_every_group_of_choices_has_a_legend_and_no_page_needs_a_style_of_its_own(
    pat: PaperBrowser, link: str
) -> None:
    pat.open(link)
    pat.press("Start")
    assert pat.text.count("<fieldset") == pat.text.count("<legend") == len(SECTIONS[0].questions)
    assert " style=" not in pat.text
    assert re.findall(r"<style>(.*?)</style>", pat.text, re.DOTALL) == [packaged.ask_style()]
    assert not re.search(r"<script(?![^>]* src=)", pat.text)


def test_what_is_kept_of_a_page_is_nobodys_answers_and_nobodys_link(
    app: Flask, play: Stage, pat: PaperBrowser, link: str
) -> None:
    asking._way.cache_clear()
    pat.post(f"{link}/questions", {"screen": "0", "go": "next", "Q01": "4", "text1": "Only mine"})
    kept = asking._way.cache_info().currsize
    with app.app_context():
        colleague = "/a/" + play.tokens()["operations2@nordlicht.example"]
    pat.post(f"{colleague}/questions", {"screen": "0", "go": "next"})
    html = pat.page.get_data(as_text=True)
    assert asking._way.cache_info().currsize == kept == 1
    assert colleague in html
    for mine in ("Only mine", link, " checked>"):
        assert mine not in html


def test_pages_follow_the_terms_as_they_are_amended(
    app: Flask, play: Stage, pat: PaperBrowser, link: str
) -> None:
    pat.open(link)
    before = pat.text
    with app.app_context(), transaction():
        amend.replace_sponsor(
            play.scope, play.engagement, name="Nora New", email="nora@nordlicht.example", at=now()
        )
    pat.open(link)
    assert "Nora New leads this" in pat.text
    assert "Nora New" not in before
