"""What is said about keeping answers, and the terms to the letter."""

import hashlib
import re

from cast import Stage
from flask import Flask
from web.respondent.paper_browser import PaperBrowser


def test_how_we_keep_this_says_what_is_not_promised(pat: PaperBrowser, link: str) -> None:
    pat.open(f"{link}/how")
    assert "What is not promised" in pat.text
    assert "Hanse Systems" in pat.text
    assert "Sam Sponsor" in pat.text


def test_no_page_says_impossible_or_nobody_can(pat: PaperBrowser, link: str) -> None:
    for page in ("", "/how", "/terms", "/receipt"):
        pat.open(link + page)
        assert not re.search(r"impossible|nobody can|no one can", pat.text, re.IGNORECASE)


def test_the_terms_can_be_checked_against_their_fingerprint(
    app: Flask, play: Stage, pat: PaperBrowser, link: str
) -> None:
    pat.open(f"{link}/terms")
    with app.app_context():
        sha256 = play.wave.terms_sha256
    assert sha256 in pat.text
    assert "Operations: 8" in pat.text
    exact = pat.client.get(f"{link}/terms.json").get_data()
    assert hashlib.sha256(exact).hexdigest() == sha256
