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
from survey_service.reports import publish
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


def closed(play: Stage, at: datetime, *, texts: tuple[str, str] = ("", ""), released: bool = True) -> None:
    for invitation in play.invitations():
        play.answer(invitation, Ballot(answers=ANSWERS, concerns=(), texts=texts))
    close.close(play.wave.id, play.here.keys, at=at)
    if not released:
        return
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
    page = ines.opens(f"{base}/next")
    assert (page.status_code, "14 days after the last report" in reading(page)) == (409, True)
    first = reading(ines.opens(base))
    assert "14 days after the last report" in first
    assert "Ask again" not in first
    ines.sends("/desk/account", to=f"{base}/next", instrument="core/1")
    assert "The report is ready." in reading(ines.opens(base))
    assert ines.opens(f"{base}/words").status_code == 409


def test_a_wave_waits_until_the_sponsor_has_read_the_texts(
    desk_app: Flask, ines: Visitor, play: Stage
) -> None:
    with desk_app.app_context():
        closed(play, datetime.now(UTC) - timedelta(days=15), texts=("Too many lists.", ""))
        assert handover.has_texts_to_review(play.wave)
    page = ines.opens(f"/desk/engagements/{play.key}/next")
    assert (page.status_code, "has yet to read the free texts" in reading(page)) == (409, True)
    with desk_app.app_context(), transaction():
        handover.publish_texts(play.wave, play.here.keys, hidden=(), at=clock.now())
    assert ines.opens(f"/desk/engagements/{play.key}/next").status_code == 200


def test_a_wave_waits_until_the_report_is_the_sellers(desk_app: Flask, ines: Visitor, play: Stage) -> None:
    with desk_app.app_context():
        closed(play, datetime.now(UTC) - timedelta(days=15), released=False)
    assert ines.opens(f"/desk/engagements/{play.key}/next").status_code == 409


@pytest.fixture
def prepared(desk_app: Flask, ines: Visitor, play: Stage) -> Stage:
    """The next wave, chosen but not launched."""
    with desk_app.app_context():
        closed(play, datetime.now(UTC) - timedelta(days=15))
    assert ines.sends(f"/desk/engagements/{play.key}/next", instrument="pulse/1").status_code == 302
    return play


WORDS = {
    "buyer": "Somebody Else",
    "change": "Move the invoices to one list.",
    "sponsor_name": "Sam Sponsor",
    "sponsor_email": "sam@nordlicht.example",
    "believed_step": "2",
    "instrument": "pulse/1",
    "language": "de",
    "time_zone": "Europe/Paris",
    "closes_at": "",
}


@pytest.mark.parametrize("instead", [{"sponsor_email": "puppet@else.example"}, {"has_no_sponsor": "y"}])
def test_nobody_gets_the_sponsors_seat_while_the_next_wave_is_prepared(
    desk_app: Flask, ines: Visitor, prepared: Stage, instead: dict[str, str]
) -> None:
    page = ines.sends(f"/desk/engagements/{prepared.key}/words", **WORDS | instead)
    assert (page.status_code, 'id="sponsor_email-error"' in page.text) == (200, True)
    assert "After a survey its sponsor stays." in reading(page)
    with desk_app.app_context():
        sponsor = sponsors.of(prepared.engagement)
        assert sponsor
        assert (sponsor.email, prepared.engagement.buyer) == ("sam@nordlicht.example", "Nordlicht Energie")


def test_new_words_leave_the_old_report_alone_and_go_when_one_thinks_again(
    desk_app: Flask, ines: Visitor, prepared: Stage
) -> None:
    base = f"/desk/engagements/{prepared.key}"
    with desk_app.app_context():
        before = publish.for_sponsor(prepared.engagement)
    assert ines.sends(f"{base}/words", **WORDS).status_code == 302
    with desk_app.app_context():
        assert prepared.engagement.buyer == "Somebody Else"
        assert publish.for_sponsor(prepared.engagement) == before
        assert before["engagement"]["buyer"] == "Nordlicht Energie"
    ines.sends(base, to=f"{base}/next/leave")
    assert "The report is ready." in reading(ines.opens(base))
    with desk_app.app_context():
        back = prepared.engagement
        assert (back.buyer, back.believed_step, back.instrument) == ("Nordlicht Energie", 10, "core/1")
        assert (back.language, back.time_zone, back.closes_at) == (
            "en",
            "Europe/Berlin",
            prepared.wave.closes_at,
        )


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
