"""While a survey runs the seller may ask for three things; each is announced, and nothing else changes."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from cast import Stage, stage
from flask import Flask
from visitor import Visitor, letters, reading

from survey_service.foundation import clock
from survey_service.waves import amend
from survey_service.workspaces.scope import Scope


@pytest.fixture
def play(desk_app: Flask, hanse: Scope) -> Stage:
    with desk_app.app_context():
        made = stage(desk_app, scope=hanse, at=clock.now(), closes_at=clock.now() + timedelta(days=11))
        made.launch()
        return made


def test_people_are_proposed_in_a_few_pasted_rows(desk_app: Flask, ines: Visitor, play: Stage) -> None:
    address = f"/desk/engagements/{play.key}/joiners"
    rows = "Nia New\tnia@nordlicht.example\tLegal\nTom Old\toperations1@nordlicht.example\tSales"
    page = ines.sends(address, people=rows)
    assert "Line 2: operations1@nordlicht.example is already on the roster." in reading(page)
    assert "Nia New\tnia@nordlicht.example" in page.text
    page = ines.sends(address, people="Nia New\tnia@nordlicht.example\tAbroad")
    assert "There is no group “Abroad” on this roster." in reading(page)
    ines.sends(address, people="Nia New\tnia@nordlicht.example\tlegal")
    assert "The sponsor has yet to agree." in reading(ines.opens(address))
    assert letters(desk_app, "sam@nordlicht.example") == ["sponsor-people"]
    ines.sends(address, to=f"{address}/take-back")
    with desk_app.app_context():
        assert amend.proposal_of(play.wave) is None


def test_the_closing_time_moves_once_and_the_page_says_so(
    desk_app: Flask, ines: Visitor, play: Stage
) -> None:
    with desk_app.app_context():
        closes_at = play.wave.closes_at
    base = f"/desk/engagements/{play.key}"
    later = f"{clock.now() + timedelta(days=20):%Y-%m-%dT%H:%M}"
    assert "Move the closing time" in reading(ines.opens(base))
    as_it_is = f"{closes_at.astimezone(ZoneInfo('Europe/Berlin')):%Y-%m-%dT%H:%M}"
    assert f'value="{as_it_is}"' in ines.opens(f"{base}/closing").text
    ines.sends(f"{base}/closing", closes_at=later)
    page = reading(ines.opens(base))
    assert "The closing time was moved to" in page
    assert "Move the closing time" not in page
    assert "cannot be moved again" in reading(ines.sends(f"{base}/closing", closes_at=later))


def test_another_sponsor_is_named_and_announced(desk_app: Flask, ines: Visitor, play: Stage) -> None:
    address = f"/desk/engagements/{play.key}/sponsor"
    slip = ines.sends(address, name="Kim", email="kim.nordlicht")
    assert 'id="email-error"' in slip.text
    ines.sends(address, name="Kim Neu", email="kim@nordlicht.example")
    assert "Kim Neu became the sponsor." in reading(ines.opens(f"/desk/engagements/{play.key}"))
    assert letters(desk_app, "kim@nordlicht.example")[-1] == "sponsor-named"


def test_before_launch_there_is_nothing_to_amend(
    desk_app: Flask, hanse: Scope, ines: Visitor, key: str
) -> None:
    for path in ("joiners", "closing", "sponsor"):
        assert ines.opens(f"/desk/engagements/{key}/{path}").status_code == 404
