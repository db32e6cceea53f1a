"""The 13 steps as a path: what is behind, passed over, ahead, and where the place may lie."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from survey_service.foundation.i18n import gettext as _
from survey_service.reports import phrases

Wave = Mapping[str, Any]

UNASKED: Final = "not asked"


@dataclass(frozen=True, kw_only=True)
class PathStep:
    """One step of the path; ``meaning`` says its ``sign`` in words.

    Signs: behind, passed, ahead, unsure (where the place cannot be told), open, unheard, unasked.
    """

    number: int
    name: str
    sign: str
    meaning: str
    is_here: bool
    is_in_range: bool
    is_believed: bool


def steps(wave: Wave, believed_step: int | None, unasked: Collection[str] = ()) -> tuple[PathStep, ...]:
    """The 13 steps with their signs; empty where the document gives no place. ``unasked``: keys of steps."""
    place = wave.get("place")
    if not place:
        return ()
    is_told = wave["verdict"] != "cannot tell yet"
    states = {topic["key"]: topic["state"] for topic in wave["topics"]}
    states |= dict.fromkeys(unasked, UNASKED)
    return tuple(
        _path_step(wave, key, states.get(key, "not heard"), place, is_told, believed_step)
        for key in phrases.STEPS
    )


def _path_step(
    wave: Wave, key: str, state: str, place: Mapping[str, int], is_told: bool, believed_step: int | None
) -> PathStep:
    number = phrases.STEP_NUMBER[key]
    # Where the place cannot be told, only what lies before the whole range is surely behind.
    behind = number <= (place["reached"] if is_told else place["from"])
    unsure = not is_told and number <= place["to"]
    sign = _sign(wave, number, state, behind=behind, unsure=unsure)
    return PathStep(
        number=number,
        name=str(phrases.STEPS[key]),
        sign=sign,
        meaning=_meanings()[sign],
        is_here=is_told and number == place["reached"],
        is_in_range=place["from"] <= number <= place["to"],
        is_believed=number == believed_step,
    )


def _sign(wave: Wave, number: int, state: str, *, behind: bool, unsure: bool) -> str:
    rules = (
        ("unasked", state == UNASKED),
        ("unheard", state == "not heard"),
        ("passed", behind and number in wave["passed_over"]),
        ("ahead", not behind and not unsure and number in wave["ahead_of_order"]),
        ("behind", behind),
        ("unsure", unsure),
    )
    return next((sign for sign, fits in rules if fits), "open")


def _meanings() -> dict[str, str]:
    return {
        "behind": _("behind you"),
        "passed": _("passed over"),
        "ahead": _("ahead of order"),
        "unsure": _("may be behind you"),
        "open": _("still ahead"),
        "unheard": _("not heard"),
        "unasked": _("not asked"),
    }
