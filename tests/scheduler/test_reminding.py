"""Three weeks of reminders in seconds: who gets how many, when, and who gets none."""

import random
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import cast
import pytest
from cast import MONDAY, Stage, address_of
from flask import Flask
from sqlalchemy import delete, func, select, update

from survey_service.answers.intake import Ballot
from survey_service.engagements.models import Stakeholder
from survey_service.foundation.db import db, transaction
from survey_service.invitations import contact, reminders, schedule
from survey_service.invitations.models import Invitation
from survey_service.outbox.mailbox import Mailbox
from survey_service.outbox.models import Dispatch
from survey_service.outbox.postman import Postman
from survey_service.scheduler import reminding, timetable
from survey_service.waves.models import Wave

FRIDAY_WEEK = MONDAY + timedelta(days=18, hours=7)


@pytest.fixture
def play(app_on_each_database: Flask) -> Iterator[Stage]:
    """Launched on a Monday, open until Friday of the third week."""
    with app_on_each_database.app_context():
        made = cast.stage(app_on_each_database, closes_at=FRIDAY_WEEK)
        made.launch()
        yield made


def letters(play: Stage) -> list[tuple[datetime, str, str]]:
    """Moment, subject and address of everything in the development mailbox, in the order of leaving."""
    mailbox = Mailbox(play.here.settings.data_dir / "mailbox")
    found = [(kept.at, kept.subject, kept.address) for kept in mailbox.letters()]
    return sorted(found)


POST = [line for line in timetable.TIMETABLE if line.name in ("remind", "deliver letters", "close waves")]


def live(
    play: Stage, until: datetime, *, since: datetime = MONDAY, hours: Collection[int] = (7, 8, 9, 12)
) -> None:
    """The clock turns every quarter of these hours (UTC), as far as letters go."""
    at = since
    while at <= until:
        if at.hour in hours:
            for line in POST:
                assert timetable.run(line, play.here, at=at, postman=Postman())
        at += timedelta(minutes=15)


def test_three_weeks_bring_an_invitation_and_three_reminders_in_the_morning(play: Stage) -> None:
    live(play, FRIDAY_WEEK)
    mine = [(at, subject) for at, subject, to in letters(play) if to == "operations1@nordlicht.example"]
    local = [at.astimezone(ZoneInfo("Europe/Berlin")) for at, _ in mine]
    assert [at.strftime("%a %d") for at in local] == ["Mon 30", "Wed 02", "Mon 07", "Thu 17"]
    assert all(at.hour in (9, 10) and (at.hour, at.minute) <= (10, 30) for at in local[1:])
    assert [subject.partition(": ")[2] for _, subject in mine] == [
        "what do you think of this change?",
        "your link is open for 16 more days",
        "your link is open for 11 more days",
        "your link closes tomorrow",
    ]


def test_whoever_answers_or_stops_gets_no_more(play: Stage) -> None:
    answered, stopped, silent = (address_of(one) for one in play.invitations()[:3])
    play.answer(play.invitations()[0], Ballot(answers={"Q01": 2}, concerns=()))
    with transaction():
        reminders.stop(play.invitations()[1])
        contact.refuse(play.scope.workspace_id, silent)
    live(play, FRIDAY_WEEK, since=MONDAY + timedelta(hours=1))
    counted = Counter(to for _, _, to in letters(play))
    # The invitation that waited leaves all the same: whether it does must not tell that a link was used.
    assert (counted[answered], counted[stopped], counted[silent]) == (1, 1, 0)
    assert counted[address_of(play.invitations()[3])] == 4


def test_a_reminder_written_before_the_stop_does_not_leave_after_it(play: Stage) -> None:
    live(play, MONDAY)
    wednesday = MONDAY + timedelta(days=2, minutes=20)
    assert reminding.remind_due(at=wednesday) == 22
    with transaction():
        for invitation in play.invitations():
            reminders.stop(invitation)
    live(play, wednesday, since=wednesday)
    assert len([one for one in letters(play) if one[0] >= wednesday]) == 0


def test_nothing_of_reminders_is_kept_once_they_have_left(play: Stage) -> None:
    live(play, MONDAY + timedelta(days=3))
    kinds = select(Dispatch.kind, func.count()).group_by(Dispatch.kind)
    kept = {row[0] for row in db.session.execute(kinds)}
    assert "invitation" in kept
    assert not kept & {"reminder", "last-day"}


def test_a_server_that_slept_through_the_morning_reminds_on_the_next(play: Stage) -> None:
    live(play, MONDAY)
    afternoon = MONDAY + timedelta(days=2, hours=5)
    live(play, MONDAY + timedelta(days=3, hours=3), since=afternoon)
    late = [at for at, _, _ in letters(play) if at > MONDAY + timedelta(hours=1)]
    assert len(late) == 22
    assert {at.astimezone(ZoneInfo("Europe/Berlin")).strftime("%a") for at in late} == {"Thu"}


def test_a_server_that_slept_for_a_fortnight_reminds_once(play: Stage) -> None:
    live(play, MONDAY)
    woke = MONDAY + timedelta(days=14, hours=5)
    live(play, woke + timedelta(days=1), since=woke)
    late = Counter(to for at, _, to in letters(play) if at > MONDAY + timedelta(hours=1))
    assert set(late.values()) == {1}


def test_a_zone_nobody_knows_stops_nobody(play: Stage) -> None:
    with transaction():
        odd = address_of(play.invitations()[0])
        db.session.execute(update(Stakeholder).where(Stakeholder.email == odd).values(time_zone="Mars/Base"))
    live(play, MONDAY + timedelta(days=3))
    assert Counter(to for _, _, to in letters(play))[odd] == 2


@pytest.mark.parametrize(
    "zone", ["Asia/Kolkata", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kathmandu"]
)
def test_each_by_their_own_clock(play: Stage, zone: str) -> None:
    with transaction():
        far = play.invitations()[0]
        address, far.stakeholder.time_zone = far.stakeholder.email, zone
        reminders.plan(far, MONDAY, FRIDAY_WEEK, zone, after=MONDAY)
    live(play, MONDAY)
    live(play, MONDAY + timedelta(days=3), since=MONDAY + timedelta(days=1, hours=8), hours=range(24))
    (reminded,) = [at for at, subject, to in letters(play) if to == address and "more days" in subject]
    assert schedule.is_morning(reminded, zone)


def test_no_reminder_overtakes_an_invitation_that_still_waits(play: Stage) -> None:
    wednesday = MONDAY + timedelta(days=2, minutes=20)
    assert reminding.remind_due(at=wednesday) == 0


def test_two_clocks_at_once_write_each_reminder_once(play: Stage) -> None:
    live(play, MONDAY)
    wednesday = MONDAY + timedelta(days=2, minutes=20)
    assert reminding.remind_due(at=wednesday) == 22
    assert reminding.remind_due(at=wednesday) == 0


def test_a_deleted_engagement_takes_its_letters_along(play: Stage) -> None:
    """They find nothing to speak of, and go."""
    with transaction():
        db.session.execute(delete(Invitation))
        db.session.execute(delete(Wave))
    live(play, MONDAY)
    assert [to for _, _, to in letters(play) if to.endswith("nordlicht.example")] == []
    assert (
        db.session.scalar(select(func.count()).select_from(Dispatch).where(Dispatch.kind == "invitation"))
        == 0
    )


def test_a_row_number_that_came_round_again_carries_nobody_elses_link(play: Stage) -> None:
    """SQLite gives the number of a deleted row to the next one."""
    with transaction():
        mine, theirs = play.invitations()[:2]
        address = mine.stakeholder.email
        written = select(Dispatch).where(Dispatch.to_address == address)
        db.session.scalars(written).one().facts = {"invitation_id": theirs.id}
    live(play, MONDAY)
    assert address not in {to for _, _, to in letters(play)}


def test_mornings_are_working_days_wherever_the_clock_changes() -> None:
    for zone in ("Europe/Berlin", "America/New_York", "Pacific/Auckland"):
        at = datetime(2026, 10, 23, 12, 0, tzinfo=UTC)
        for _ in range(30):
            at = schedule.next_morning(at, zone, random.Random(at.isoformat()))
            assert schedule.is_morning(at, zone)
