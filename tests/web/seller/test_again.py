"""A second wave from a released one, by rule 15; and calling one off so that nothing is ever read."""

from datetime import UTC, datetime, timedelta

import pytest
from cast import Stage, stage
from flask import Flask
from visitor import Visitor, letters, reading

from survey_service.answers import box
from survey_service.answers.intake import Ballot
from survey_service.engagements import sponsor as sponsors
from survey_service.foundation import clock
from survey_service.foundation.db import transaction
from survey_service.waves import close, handover
from survey_service.waves import launch as launching
from survey_service.workspaces.scope import Scope

ANSWERS = {f"Q{number:02d}": 4 for number in range(1, 25)}


@pytest.fixture
def play(desk_app: Flask, hanse: Scope) -> Stage:
    """Open since twenty days ago, as far as the records say."""
    at = datetime.now(UTC) - timedelta(days=20)
    with desk_app.app_context():
        made = stage(desk_app, scope=hanse, at=at, closes_at=datetime.now(UTC) + timedelta(days=3))
        made.launch()
        return made


def closed(play: Stage, at: datetime) -> None:
    for invitation in play.invitations():
        play.answer(invitation, Ballot(answers=ANSWERS, concerns=(), texts=("", "")))
    close.close(play.wave.id, play.here.keys, at=at)
    with transaction():
        handover.release_to_seller(play.wave, who="sponsor", at=at)


def test_another_wave_is_prepared_with_the_roster_as_it_is_now(
    desk_app: Flask, ines: Visitor, play: Stage
) -> None:
    with desk_app.app_context():
        closed(play, datetime.now(UTC) - timedelta(days=15))
    base = f"/desk/engagements/{play.key}"
    assert "Ask again: prepare another survey" in reading(ines.opens(base))
    ines.sends(f"{base}/next", instrument="pulse/1")
    page = reading(ines.opens(base))
    assert "Another survey is being prepared; the last report stands." in page
    assert "Set the day and time at which the survey closes" in page
    person = {"name": "Nia", "email": "nia@nordlicht.example", "group": "Legal", "language": "en"}
    assert ines.sends(f"{base}/roster/add", time_zone="", **person).status_code == 302
    with desk_app.app_context():
        with transaction():
            engagement = play.engagement
            engagement.closes_at = clock.now() + timedelta(days=11)
            sponsor = sponsors.of(engagement)
            assert sponsor
            sponsors.approve(sponsor, sponsors.digest(engagement), at=clock.now())
        assert launching.obstacles(play.engagement, at=clock.now()) == []
    assert ines.sends(f"{base}/launch").status_code == 302
    with desk_app.app_context():
        assert (play.wave.number, play.wave.state) == (2, "open")
        assert len(play.invitations()) == 23
    assert "The survey is open." in reading(ines.opens(base))


def test_a_wave_too_soon_after_the_report_waits(desk_app: Flask, ines: Visitor, play: Stage) -> None:
    with desk_app.app_context():
        closed(play, datetime.now(UTC))
    base = f"/desk/engagements/{play.key}"
    ines.sends(f"{base}/next", instrument="core/1")
    assert "14 days after the last report" in reading(ines.opens(f"{base}/launch"))
    ines.sends(base, to=f"{base}/next/leave")
    assert "The report is ready." in reading(ines.opens(base))


def test_calling_it_off_destroys_everything_unread_and_tells_everyone(
    desk_app: Flask, ines: Visitor, play: Stage
) -> None:
    base = f"/desk/engagements/{play.key}"
    with desk_app.app_context():
        receiver = play.tokens()["operations1@nordlicht.example"]
        play.answer(play.invitations()[0], Ballot(answers=ANSWERS, concerns=(), texts=("", "")))
        wave_id = play.wave.id
    slip = ines.sends(f"{base}/call-off")
    assert 'id="is_meant-error"' in slip.text
    ines.sends(f"{base}/call-off", is_meant="y")
    assert "The last survey was called off." in reading(ines.opens(base))
    with desk_app.app_context():
        assert box.count(wave_id) == 0
        close.close_due(play.here.keys, at=clock.now())
        assert play.wave.key_destroyed_at is not None
        assert handover.release_of(play.wave) is None
    assert letters(desk_app, "operations2@nordlicht.example")[-1] == "wave-cancelled"
    assert letters(desk_app, "sam@nordlicht.example")[-1] == "sponsor-cancelled"
    assert "This survey was called off" in reading(ines.opens(f"/a/{receiver}"))
    assert ines.opens(f"{base}/call-off").status_code == 409
