"""A closing time that has gone by is said beside its field, and nothing typed is lost."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cast import stage
from flask import Flask
from visitor import Visitor, reading

from survey_service.foundation import clock
from survey_service.workspaces.scope import Scope

TYPED = {
    "buyer": "Nordlicht",
    "change": "Move order handling from e-mail to one shared list.",
    "sponsor_name": "Sam Sponsor",
    "sponsor_email": "sam@nordlicht.example",
    "believed_step": "3",
    "instrument": "core/1",
    "language": "en",
    "time_zone": "Pacific/Auckland",
}
PASSED = "The closing time has already passed. Choose a later day or time."


def on_the_clock(hours: int) -> str:
    there = clock.now().astimezone(ZoneInfo(TYPED["time_zone"])) + timedelta(hours=hours)
    return datetime.strftime(there, "%Y-%m-%dT%H:%M")


def test_a_past_closing_time_is_said_beside_its_field(ines: Visitor) -> None:
    page = ines.sends("/desk/engagements/new", **TYPED, closes_at=on_the_clock(-1))
    assert page.status_code == 200
    assert 'id="closes_at-error"' in page.text
    assert PASSED in reading(page)
    for kept in (TYPED["buyer"], TYPED["change"], TYPED["sponsor_email"], on_the_clock(-1)[:13]):
        assert kept in page.text
    assert ines.sends("/desk/engagements/new", **TYPED, closes_at=on_the_clock(1)).status_code == 302


def test_the_words_of_an_engagement_refuse_it_too(desk_app: Flask, hanse: Scope, ines: Visitor) -> None:
    with desk_app.app_context():
        soon = clock.now() + timedelta(days=11)
        address = (
            f"/desk/engagements/{stage(desk_app, scope=hanse, at=clock.now(), closes_at=soon).key}/words"
        )
    changed = TYPED | {"buyer": "Nordlicht AG"}
    page = ines.sends(address, **changed, closes_at=on_the_clock(-1))
    assert PASSED in reading(page)
    assert "Nordlicht AG" in page.text
    assert ines.sends(address, **changed, closes_at=on_the_clock(1)).status_code == 302
