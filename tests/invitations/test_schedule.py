"""Reminders come on a working morning of the stakeholder's clock, and never after close."""

import random
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.invitations.schedule import moments
from survey_service.workspaces.schedule import Schedule

LAUNCH = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)  # a Monday
#: Naive, as hypothesis draws them; the test says which zone they are in.
FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2026, 2028))
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC"]


def days(found: list[datetime], zone: str) -> list[str]:
    return [at.astimezone(ZoneInfo(zone)).strftime("%a %d") for at in found]


def test_three_reminders_on_working_days_two_and_five_and_the_day_before_close() -> None:
    found = moments(LAUNCH, LAUNCH + timedelta(days=11), "Europe/Berlin", random.Random(1))
    assert days(found, "Europe/Berlin") == ["Wed 02", "Mon 07", "Thu 10"]


def test_a_wave_may_have_days_of_its_own() -> None:
    plan = Schedule((1, 7), last_day=False)
    found = moments(LAUNCH, LAUNCH + timedelta(days=11), "Europe/Berlin", random.Random(1), plan)
    assert days(found, "Europe/Berlin") == ["Tue 01", "Wed 09"]
    assert moments(LAUNCH, LAUNCH + timedelta(days=11), "UTC", random.Random(1), Schedule((), False)) == []


def test_a_day_after_the_close_brings_no_reminder() -> None:
    found = moments(LAUNCH, LAUNCH + timedelta(days=4), "UTC", random.Random(1), Schedule((2, 20), False))
    assert days(found, "UTC") == ["Wed 02"]


def test_a_close_on_monday_is_announced_on_friday() -> None:
    found = moments(LAUNCH, datetime(2026, 12, 14, 16, 0, tzinfo=UTC), "Europe/Berlin", random.Random(1))
    assert days(found, "Europe/Berlin")[-1] == "Fri 11"


def test_a_wave_of_one_day_has_no_reminder() -> None:
    assert moments(LAUNCH, LAUNCH + timedelta(hours=20), "Europe/Berlin", random.Random(1)) == []


def test_the_morning_stays_the_morning_when_clocks_change() -> None:
    launch = datetime(2026, 10, 22, 9, 0, tzinfo=UTC)  # Thursday before the change of 25 October
    found = moments(launch, launch + timedelta(days=14), "Europe/Berlin", random.Random(1))
    local = [at.astimezone(ZoneInfo("Europe/Berlin")).time() for at in found]
    assert all(time(9, 0) <= one <= time(10, 30) for one in local)


@given(
    start=st.datetimes(FIRST, LAST),
    hours=st.integers(1, 24 * 60),
    zone=st.sampled_from(ZONES),
    seed=st.integers(0, 1000),
)
def test_whatever_the_wave_every_reminder_keeps_the_rules(
    start: datetime, hours: int, zone: str, seed: int
) -> None:
    launched = start.replace(tzinfo=UTC)
    closes = launched + timedelta(hours=hours)
    found = moments(launched, closes, zone, random.Random(seed))
    local = [at.astimezone(ZoneInfo(zone)) for at in found]
    assert len(found) <= 3
    assert all(launched + timedelta(hours=20) <= at < closes for at in found)
    assert all(one.weekday() < 5 and time(9, 0) <= one.time() <= time(10, 30) for one in local)
    gaps = [later - earlier for earlier, later in pairwise(found)]
    assert all(gap >= timedelta(hours=20) for gap in gaps)


@pytest.mark.parametrize("zone", ZONES)
def test_the_plan_is_the_same_however_often_it_is_made(zone: str) -> None:
    plan = [moments(LAUNCH, LAUNCH + timedelta(days=11), zone, random.Random("an id")) for _ in range(3)]
    assert plan[0] == plan[1] == plan[2]
