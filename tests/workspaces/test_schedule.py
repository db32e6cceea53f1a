"""A plan of reminders: three at most, on days that exist."""

import pytest

from survey_service.workspaces import schedule
from survey_service.workspaces.schedule import BadSchedule, Schedule


@pytest.mark.parametrize("plan", [Schedule(), Schedule((1, 3, 8), last_day=False), Schedule((), False)])
def test_a_schedule_is_read_as_it_was_written(plan: Schedule) -> None:
    assert schedule.read(plan.written) == plan


@pytest.mark.parametrize(
    "typed", ["5, 2", "2;5", "٢، ٥", "\u200f2\u200f،\u200e5\u200e", "2、5", "\u20672\u2069 5"]
)
def test_days_are_taken_as_people_type_them(typed: str) -> None:
    assert schedule.read(typed) == Schedule((2, 5), last_day=False)


@pytest.mark.parametrize("typed", ["2 5 9 last", "1 2 3 4", "0", "21", "two", "-1", "9999"])
def test_more_than_three_or_a_day_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(BadSchedule):
        schedule.read(typed)
