"""When people are reminded: a plan of days, as a workspace proposes it and a wave carries it out."""

import unicodedata
from dataclasses import dataclass
from typing import Final

from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.i18n import listed, ngettext

MOST = 3
LATEST_DAY = 20
LAST = "last"
#: What people put between numbers, in the scripts we speak and a few more.
BETWEEN: Final = str.maketrans(dict.fromkeys(",;،؛、，；", " "))


class BadSchedule(Refusal):
    """More reminders than anyone should get, or days that do not exist."""

    sentence = _l(
        "Give at most %(most)d reminders: working days from 1 to %(latest)d, for example 2, 5, "
        "the one before the close counted."
    )


@dataclass(frozen=True)
class Schedule:
    """Which working days after launch, ascending, and whether the one before the close.

    Raises BadSchedule for more than MOST reminders, or a day that is not between 1 and LATEST_DAY.
    """

    days: tuple[int, ...] = (2, 5)
    last_day: bool = True

    def __post_init__(self) -> None:
        """Refuse what nobody should get."""
        in_order = tuple(sorted(set(self.days)))
        in_range = all(1 <= day <= LATEST_DAY for day in self.days)
        if in_order != self.days or not in_range or len(self.days) + self.last_day > MOST:
            raise BadSchedule(most=MOST, latest=LATEST_DAY)

    @property
    def written(self) -> str:
        """As it is kept in a column: '2 5 last'; '' for no reminders."""
        return " ".join([*map(str, self.days), *([LAST] if self.last_day else [])])


USUAL = Schedule()


def read(text: str) -> Schedule:
    """A schedule as ``written``, or as typed with commas, in any order and script. Raises BadSchedule.

    Marks nobody sees, as right-to-left keyboards leave between numbers, count for nothing.
    """
    seen = "".join(one for one in text if unicodedata.category(one) != "Cf")
    words = seen.translate(BETWEEN).split()
    numbers = [word for word in words if word != LAST]
    if not all(word.isdecimal() and len(word) < 4 for word in numbers):
        raise BadSchedule(most=MOST, latest=LATEST_DAY)
    return Schedule(days=tuple(sorted({int(word) for word in numbers})), last_day=LAST in words)


def said(schedule: Schedule) -> str:
    """For people: 'on working days 2 and 5 after launch and on the last working day before the close'."""
    days = schedule.days
    when = [
        ngettext(
            "on working day %(days)s after launch",
            "on working days %(days)s after launch",
            len(days),
            days=listed([str(day) for day in days]),
        )
    ]
    last = [_("on the last working day before the close")] if schedule.last_day else []
    return listed([*(when if days else []), *last]) or _("not at all")
