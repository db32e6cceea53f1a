"""Sam gives the next conversations owners and days; the released report stays as it was."""

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from village import Village
from visitor import reading

from survey_service.foundation.db import db
from survey_service.journal import Entry

Link = Callable[[], str]


@pytest.fixture
def page(village: Village) -> str:
    """Where Sam plans, after the report was released."""
    return f"/s/{village.at.sponsor['closed']}/conversations"


@pytest.fixture
def visit(village: Village) -> FlaskClient:
    return village.app.test_client(use_cookies=False)


def journal(app: Flask) -> list[dict[str, object]]:
    with app.app_context():
        lines = db.session.query(Entry).filter(Entry.event == "conversations planned").order_by(Entry.id)
        return [one.facts for one in lines]


def test_each_conversation_gets_an_owner_and_a_day_and_the_report_stays(
    village: Village, visit: FlaskClient, page: str
) -> None:
    before = visit.get(page.replace("conversations", "report.json")).data
    visit.post(
        page, data={"owner_0": "Head of orders", "due_0": "2027-01-15", "done_0": "y", "is_shown": "y"}
    )
    shown = visit.get(page).text
    assert 'value="Head of orders"' in shown
    assert 'value="2027-01-15"' in shown
    assert "Done on" in reading(visit.get(page))
    assert visit.get(page.replace("conversations", "report.json")).data == before
    assert journal(village.app)[-1] == {"wave": 1, "shown": True}


def test_once_the_texts_are_read_the_page_says_when_there_are_any(visit: FlaskClient, page: str) -> None:
    first = page.replace("/conversations", "")
    assert "People wrote to you" in reading(visit.get(first))
    visit.post(f"{first}/texts")
    assert "Texts to a question are read only if at least 5 people write one." in reading(visit.get(first))


def test_a_bad_day_is_named_beside_it_and_the_owner_stays_typed(visit: FlaskClient, page: str) -> None:
    answer = visit.post(page, data={"owner_0": "Head of orders", "due_0": "next week"})
    assert "Not a valid date value" in answer.text
    assert 'value="Head of orders"' in answer.text
    assert 'value="next week"' in answer.text


def test_as_csv_it_runs_nothing_in_a_spreadsheet(visit: FlaskClient, page: str) -> None:
    visit.post(page, data={"owner_0": "=HYPERLINK(1)", "due_0": "2027-01-15"})
    rows = list(csv.reader(io.StringIO(visit.get(f"{page}.csv").data.decode("utf-8-sig"))))
    assert rows[1][2:] == ["'=HYPERLINK(1)", "2027-01-15", ""]


def test_the_seller_sees_them_only_if_sam_says_so(village: Village, visit: FlaskClient, page: str) -> None:
    ines, address = village.client("ines"), f"/desk/engagements/{village.at.closed}"
    visit.post(page, data={"owner_0": "Head of orders", "is_shown": "y"})
    assert "Head of orders" in reading(ines.get(f"{address}/conversations"))
    assert f"{address}/conversations" in ines.get(address).text
    visit.post(page, data={"owner_0": "Head of orders"})
    assert ines.get(f"{address}/conversations").status_code == 404
    assert f"{address}/conversations" not in ines.get(address).text
