"""When reminders are due: the stakeholder's morning, working days, never after close."""

import random
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from survey_service.workspaces.schedule import MOST, USUAL, Schedule

FROM, UNTIL = time(9, 0), time(10, 30)
#: A letter is written up to five minutes after its moment and may be tried again: it is still morning then.
WINDOW = timedelta(minutes=75)
APART = timedelta(hours=20)
SATURDAY = 5


def moments(
    launched_at: datetime, closes_at: datetime, zone: str, chance: random.Random, plan: Schedule = USUAL
) -> list[datetime]:
    """At most three moments between launch and close, on the plan's working days.

    Each lies between 09:00 and 10:15 of the zone's clock, on no weekend, 20 hours or more after the last.
    """
    here = ZoneInfo(zone)
    last_days = {_before(closes_at.astimezone(here).date())} if plan.last_day else set()
    wanted = sorted({*_after(launched_at.astimezone(here).date(), plan.days), *last_days})
    chosen: list[datetime] = []
    last = launched_at
    for day in wanted:
        at = datetime.combine(day, FROM, here) + WINDOW * chance.random()
        if last + APART <= at < closes_at:
            chosen.append(at)
            last = at
    return chosen[-MOST:]


def is_morning(at: datetime, zone: str) -> bool:
    """Whether a reminder may leave: 09:00 to 10:30 of a working day, by the zone's clock."""
    here = at.astimezone(ZoneInfo(zone))
    return here.weekday() < SATURDAY and FROM <= here.time() <= UNTIL


def next_morning(at: datetime, zone: str, chance: random.Random) -> datetime:
    """A moment of the next working morning that is still to come."""
    here = ZoneInfo(zone)
    day = at.astimezone(here).date()
    while day.weekday() >= SATURDAY or datetime.combine(day, FROM, here) <= at:
        day += timedelta(days=1)
    return datetime.combine(day, FROM, here) + WINDOW * chance.random()


def is_last_day(at: datetime, closes_at: datetime, zone: str) -> bool:
    """Whether no working day lies between this one and the closing day."""
    here = ZoneInfo(zone)
    return at.astimezone(here).date() >= _before(closes_at.astimezone(here).date())


def days_left(at: datetime, closes_at: datetime, zone: str) -> int:
    """Midnights between the two on the zone's calendar."""
    here = ZoneInfo(zone)
    return (closes_at.astimezone(here).date() - at.astimezone(here).date()).days


def _after(start: date, days: Collection[int]) -> Iterator[date]:
    """The working days of these numbers, counted from the day after launch."""
    day, count = start, 0
    while count < max(days, default=0):
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            count += 1
            if count in days:
                yield day


def _before(end: date) -> date:
    """The last working day before the closing day."""
    day = end - timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day -= timedelta(days=1)
    return day
