"""Pat was invited: a launched wave, Pat's link, and a browser without script or cookies."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from cast import Stage, stage
from flask import Flask
from sqlalchemy import func, select
from web.respondent.paper_browser import PaperBrowser

from survey_service.answers import receipts
from survey_service.answers.keys import Opener
from survey_service.answers.models import SheetBox, TextBox
from survey_service.answers.paper import read
from survey_service.foundation import clock
from survey_service.foundation.db import db
from survey_service.web.respondent import by_receipt, callers, way

PAT = "operations1@nordlicht.example"


@pytest.fixture
def play(app: Flask) -> Stage:
    """An engagement with a sponsor, launched just now, open for eleven days."""
    with app.app_context():
        made = stage(app, at=clock.now(), closes_at=clock.now() + timedelta(days=11))
        made.launch()
    return made


@pytest.fixture
def link(app: Flask, play: Stage) -> str:
    """The address in Pat's letter."""
    with app.app_context():
        return "/a/" + play.tokens()[PAT]


@pytest.fixture
def pat(app: Flask) -> PaperBrowser:
    """Pat's browser."""
    return PaperBrowser(app)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let time pass at the respondent's door."""

    def pass_time(span: timedelta) -> None:
        moment = clock.now() + span
        for room in (callers, way, by_receipt):
            monkeypatch.setattr(room, "now", lambda: moment)

    return pass_time


@pytest.fixture
def boxes(app: Flask) -> Callable[[], tuple[int, int]]:
    """How many sheets and texts lie in the ballot box."""

    def count() -> tuple[int, int]:
        with app.app_context():
            sheets, texts = (
                db.session.scalar(select(func.count()).select_from(box)) or 0 for box in (SheetBox, TextBox)
            )
        return sheets, texts

    return count


@pytest.fixture
def opened(app: Flask, play: Stage) -> Callable[[str], tuple[dict[str, object], list[str]]]:
    """What lies sealed under a receipt as shown: the sheet, and the two texts."""

    def look(shown: str) -> tuple[dict[str, object], list[str]]:
        receipt = receipts.typed(shown)
        assert receipt
        with app.app_context():
            opener = Opener(play.here.keys, f"wave-{play.wave.key}.key")
            sheet = db.session.get_one(SheetBox, receipts.sheet_id(receipt)).ciphertext
            texts = db.session.get_one(TextBox, receipts.text_id(receipt)).ciphertext
            return read(opener.open(sheet)), read(opener.open(texts))["texts"]

    return look
