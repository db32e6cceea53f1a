"""From the published cells to the report: topics, place, verdict, index, silence, movement.

The numbers are those of measures.md, B5 and B6. It reads the release document and nothing else, so it
adds nothing that could give anyone away.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from survey_service.aggregator.place import Place, Sign, place, rows_of
from survey_service.aggregator.silence import silence
from survey_service.aggregator.topics import (
    IN_PLACE,
    NOT_IN_PLACE,
    SPLIT,
    STATES,
    Cells,
    Topic,
    mean_span,
    topics,
)
from survey_service.instrument.model import Instrument

Wave = Mapping[str, Any]

DEFAULT_K = 5
#: The seller's belief is worth a sentence where it is this many steps ahead.
WELL_AHEAD = 3
_DIGITS = 9


def reading(wave: Wave, instrument: Instrument) -> dict[str, Any]:
    """The report's wave from "topics" to "silence".

    ``wave`` needs ``stakeholders``, ``answered`` and ``questions`` (and ``k`` where it is not 5), as in the
    report's document, of a wave that was heard.
    """
    cells: Cells = wave["questions"]
    found = topics(instrument, cells)
    steps = [topic for topic in found if topic.subject.kind == "step"]
    here = place(rows_of(instrument, {id_: [_sign(cell) for cell in row] for id_, row in cells.items()}))
    return {
        "topics": [topic.document() for topic in found],
        "place": here.document() if here else None,
        "verdict": here.verdict if here else None,
        "passed_over": _steps_in(steps[: here.reached], 1, NOT_IN_PLACE, SPLIT) if here else [],
        "ahead_of_order": _steps_in(steps[here.reached :], here.reached + 1, IN_PLACE) if here else [],
        "agreement": {state: sum(topic.state == state for topic in found) for state in STATES},
        "disagreement": disagreement(found),
        "readiness": index([topic for topic in found if topic.subject.kind == "domain"]),
        "silence": _silence(wave, instrument, here),
    }


def disagreement(found: Sequence[Topic]) -> list[str]:
    """Keys of split topics: most people in camps first, then the widest gap, then the topics' order."""
    split = [topic for topic in found if topic.state == SPLIT]
    ordered = sorted(split, key=lambda topic: (-topic.people_in_camps, -topic.gap))
    return [topic.subject.key for topic in ordered]


def index(domains: Sequence[Topic]) -> dict[str, int] | None:
    """Readiness from 0 to 100 in steps of 5, with its interval; None unless every domain was heard."""
    spans = [topic.span for topic in domains if topic.span]
    if len(spans) < len(domains):
        return None
    mean = mean_span(spans)
    return {
        "index": 5 * math.floor(_fifths(mean.value) + 0.5),
        "from": 5 * math.floor(_fifths(mean.low)),
        "to": 5 * math.ceil(_fifths(mean.high)),
    }


def movement(earlier: Wave, later: Wave, *, roster_changed_by: int) -> dict[str, Any] | None:
    """What moved between two waves of one engagement, for the organisation only (B5.10).

    None where the instruments differ, where either wave has too few answers, or where the roster changed by
    1 to k - 1 people: their answers would be the difference. ``reached`` and ``verdict`` are None unless both
    waves have one.
    """
    k = max(earlier.get("k", DEFAULT_K), later.get("k", DEFAULT_K))
    is_comparable = earlier["instrument"] == later["instrument"] and not 0 < roster_changed_by < k
    if not is_comparable or "topics" not in earlier or "topics" not in later:
        return None
    before, after = _bands(earlier), _bands(later)
    both = earlier["place"] and later["place"]
    return {
        "topics": [_moved(key, before[key], now) for key, now in after.items() if key in before],
        "reached": {"from": earlier["place"]["reached"], "to": later["place"]["reached"]} if both else None,
        "verdict": {"from": earlier["verdict"], "to": later["verdict"]} if both else None,
    }


def is_believed_well_ahead(believed_step: int | None, here: Mapping[str, int] | None) -> bool:
    """True where the seller placed the organisation three steps or more beyond where it is (B6)."""
    return bool(believed_step and here and believed_step - here["reached"] >= WELL_AHEAD)


def _sign(cell: Mapping[str, Any]) -> Sign:
    return Sign(cell["band"], cell["camps"], cell["answered"])


def _steps_in(steps: Sequence[Topic], first: int, *states: str) -> list[int]:
    """Numbers of the steps in any of the states, counted from ``first``."""
    return [number for number, topic in enumerate(steps, first) if topic.state in states]


def _fifths(value: float) -> float:
    """A value of the scale, 1.0 to 5.0, as how many fives of 100."""
    return round((value - 1) / 4 * 100 / 5, _DIGITS)


def _silence(wave: Wave, instrument: Instrument, here: Place | None) -> dict[str, Any] | None:
    if here is None:
        return None
    return silence(
        instrument,
        wave["questions"],
        here.verdict,
        answered=wave["answered"],
        stakeholders=wave["stakeholders"],
        k=wave.get("k", DEFAULT_K),
    )


def _bands(wave: Wave) -> dict[str, int]:
    """The organisation's band of each topic that was heard."""
    return {
        topic["key"]: topic["organisation_band"] for topic in wave["topics"] if "organisation_band" in topic
    }


def _moved(key: str, then: int, now: int) -> dict[str, Any]:
    way = {0: "same", 1: "up", -1: "down"}[(now > then) - (now < then)]
    return {"key": key, "from": then, "to": now, "moved": way}
