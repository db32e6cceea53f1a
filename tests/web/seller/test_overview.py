"""The overview: what needs attention first, found by words or state, as quick with 500 as with five."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from cast import Stage, stage
from flask import Flask
from sqlalchemy import event
from visitor import Visitor, reading

from survey_service.engagements import desk
from survey_service.engagements.models import Engagement
from survey_service.foundation.db import db, transaction
from survey_service.waves import close, handover
from survey_service.workspaces.scope import Scope


def named(app: Flask, hanse: Scope, buyer: str, domain: str, days: int = 11) -> Stage:
    """An engagement with a buyer of its own name and people."""
    at = datetime.now(UTC)
    made = stage(app, scope=hanse, at=at, closes_at=at + timedelta(days=days), domain=domain)
    with transaction():
        made.engagement.buyer = buyer
    return made


@pytest.fixture
def four(desk_app: Flask, hanse: Scope) -> None:
    """One of each state, opened in an order that is not that of the list."""
    with desk_app.app_context():
        late = named(desk_app, hanse, "Late AG", "late.example", days=20)
        late.launch()
        waiting = named(desk_app, hanse, "Waiting AG", "waiting.example", days=2)
        ready = named(desk_app, hanse, "Ready AG", "ready.example", days=2)
        for one in (waiting, ready):
            one.launch()
            close.close(one.wave.id, one.here.keys, at=datetime.now(UTC) + timedelta(days=3))
        with transaction():
            handover.release_to_seller(ready.wave, who="sponsor", at=datetime.now(UTC))
        soon = named(desk_app, hanse, "Soon AG", "soon.example", days=5)
        soon.launch()
        named(desk_app, hanse, "Draft AG", "draft.example")


@pytest.mark.usefixtures("four")
def test_what_needs_attention_comes_first(ines: Visitor) -> None:
    page = reading(ines.opens("/desk/"))
    order = [page.index(buyer) for buyer in ("Ready AG", "Draft AG", "Soon AG", "Late AG", "Waiting AG")]
    assert order == sorted(order)
    assert "Too few answers for a report" in page
    assert "the sponsor reads first; yours on" in page
    assert "closes " in page


@pytest.mark.usefixtures("four")
def test_it_is_found_by_words_and_by_state(ines: Visitor) -> None:
    page = reading(ines.opens("/desk/?find=soon"))
    assert "Soon AG" in page
    assert "Late AG" not in page
    assert "1 of 5 engagements." in page
    page = reading(ines.opens("/desk/?state=open"))
    assert "Soon AG" in page
    assert "Draft AG" not in page


@pytest.mark.usefixtures("hanse")
def test_an_empty_desk_teaches_what_an_engagement_is(ines: Visitor) -> None:
    page = reading(ines.opens("/desk/"))
    assert "one organisation that would have to change something" in page


def test_five_hundred_take_as_many_queries_as_one_and_less_than_150_ms(
    desk_app: Flask, hanse: Scope, ines: Visitor
) -> None:
    with desk_app.app_context():
        made = stage(
            desk_app, scope=hanse, at=datetime.now(UTC), closes_at=datetime.now(UTC) + timedelta(days=9)
        )
        made.launch()
    few = _queries(desk_app, ines)
    with desk_app.app_context(), transaction():
        one = desk.find(hanse, made.key)
        for number in range(500):
            db.session.add(
                Engagement(
                    workspace_id=hanse.workspace_id,
                    key=f"k{number:011}",
                    buyer=f"Buyer {number}",
                    change=one.change,
                    language="en",
                    time_zone="Europe/Berlin",
                    created_at=one.created_at,
                )
            )
    many = _queries(desk_app, ines)
    assert many == few
    took = []
    for _ in range(5):
        began = time.perf_counter()
        ines.opens("/desk/")
        took.append(time.perf_counter() - began)
    assert min(took) < 0.15


def _queries(app: Flask, ines: Visitor) -> int:
    """How many statements the page takes."""
    counted: list[str] = []
    with app.app_context():
        engine = db.engine

    def count(_c: object, _k: object, statement: str, *_: object) -> None:
        counted.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    ines.opens("/desk/")
    event.remove(engine, "before_cursor_execute", count)
    return len(counted)
