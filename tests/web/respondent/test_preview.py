"""The seller's preview: the same pages, without links and with nothing to send."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from survey_service.instrument import catalog
from survey_service.waves.terms import Terms
from survey_service.web import asking

TERMS = Terms(
    wave=1,
    workspace="Hanse Systems",
    operator="Example Hosting",
    buyer="Nordlicht Energie",
    change="Move order handling from e-mail to one shared list.",
    sponsor="Sam Sponsor",
    k=5,
    groups=(("Operations", 8), ("Legal", 2)),
    instrument="core/1",
    language="en",
    time_zone="Europe/Berlin",
    launched_at=datetime(2026, 11, 30, 9, tzinfo=UTC),
    closes_at=datetime(2026, 12, 11, 16, tzinfo=UTC),
    believed_step=10,
    sheet_length=0,
    text_length=0,
)


@pytest.mark.parametrize("screen", range(9))
def test_a_preview_has_nothing_to_send_and_leads_nowhere_else(app: Flask, screen: int) -> None:
    with app.test_request_context():
        page = asking.preview(TERMS, "Operations", screen, "en")
    assert "Nothing you choose here is sent or kept" in page
    assert "<form" not in page
    assert "<button" not in page
    assert 'href="/a/' not in page


def test_a_preview_speaks_the_language_and_moves_by_address(app: Flask) -> None:
    with app.test_request_context():
        page = asking.preview(TERMS, "Operations", 2, "de")
    assert catalog.words("core/1", "de").sections["voices"] in page
    assert "?screen=3&amp;language=de" in page
    assert "?screen=1&amp;language=de" in page


def test_a_preview_beyond_the_end_shows_the_end(app: Flask) -> None:
    with app.test_request_context():
        assert asking.preview(TERMS, "Legal", 99, "en") == asking.preview(TERMS, "Legal", 8, "en")


def test_a_preview_works_before_there_is_a_roster(app: Flask) -> None:
    empty = Terms(**{**TERMS.__dict__, "groups": ()})
    with app.test_request_context():
        assert "organisation as a whole" in asking.preview(empty, "", 0, "en")


def test_whoever_writes_is_told_when_nobody_will_read_it(app: Flask) -> None:
    with app.test_request_context():
        pages = [asking.preview(TERMS, "Operations", screen, "en") for screen in range(9)]
    told = [page for page in pages if "read only if at least 5 people write one" in page]
    assert len(told) == 1
    assert "<textarea" in told[0]
