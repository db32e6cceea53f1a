"""At launch the seller may choose a stricter report; nothing lowers the floor."""

from datetime import UTC, datetime, timedelta

from cast import stage
from flask import Flask
from visitor import Visitor, reading

from survey_service.engagements import sponsor as sponsors
from survey_service.foundation.db import transaction
from survey_service.waves import chain
from survey_service.workspaces.scope import Scope


def test_a_tick_at_launch_makes_the_floor_nine(desk_app: Flask, hanse: Scope, ines: Visitor) -> None:
    with desk_app.app_context():
        now = datetime.now(UTC)
        soon = now + timedelta(days=11)
        play = stage(desk_app, groups={"Sales": 12}, sponsor=False, scope=hanse, at=now, closes_at=soon)
    page = ines.opens(f"/desk/engagements/{play.key}/launch")
    assert "even if two people put their answers together" in reading(page)
    assert "only the closing time can change later, once; everyone is told by letter" in reading(page)
    ines.sends(f"/desk/engagements/{play.key}/launch", strict="y")
    with desk_app.app_context():
        assert chain.current(play.wave).k == 9


def test_with_a_sponsor_the_page_says_that_people_and_sponsor_may_change_too(
    desk_app: Flask, hanse: Scope, ines: Visitor
) -> None:
    with desk_app.app_context():
        now = datetime.now(UTC)
        play = stage(desk_app, scope=hanse, at=now, closes_at=now + timedelta(days=11))
        sponsor = sponsors.of(play.engagement)
        assert sponsor
        with transaction():
            sponsors.approve(sponsor, sponsors.digest(play.engagement), at=now)
    page = reading(ines.opens(f"/desk/engagements/{play.key}/launch"))
    assert "only the closing time (once), the people and the sponsor can change later" in page


def test_without_it_the_floor_is_five_whatever_else_is_sent(
    desk_app: Flask, hanse: Scope, ines: Visitor
) -> None:
    with desk_app.app_context():
        now = datetime.now(UTC)
        soon = now + timedelta(days=11)
        play = stage(desk_app, groups={"Sales": 12}, sponsor=False, scope=hanse, at=now, closes_at=soon)
    ines.sends(f"/desk/engagements/{play.key}/launch", k="1")
    with desk_app.app_context():
        assert chain.current(play.wave).k == 5
