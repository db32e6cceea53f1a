"""What moved since the wave before, where the document says so (measures.md, B5.10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey_service.foundation.i18n import gettext as _
from survey_service.reports import phrases

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Move:
    """One topic of the organisation: its band then and now; ``way`` is up, down or same."""

    topic: str
    then: str
    now: str
    way: str


def moves(document: Document) -> list[Move]:
    """Topics whose band changed, in the order of the map; empty where the document gives no movement."""
    movement = document["waves"][-1].get("movement") or {"topics": ()}
    return [
        Move(
            topic=str(phrases.TOPICS[topic["key"]]),
            then=str(phrases.BANDS[topic["from"]]),
            now=str(phrases.BANDS[topic["to"]]),
            way=str(phrases.WAYS[topic["moved"]]),
        )
        for topic in movement["topics"]
        if topic["moved"] != "same"
    ]


def summary(document: Document) -> list[str]:
    """Who answered then and now, and how the place moved; empty where the document gives no movement."""
    waves = document["waves"]
    movement = waves[-1].get("movement")
    if not movement or len(waves) < 2:
        return []
    answered = _(
        "Then %(then)s of %(then_invited)s answered, now %(now)s of %(now_invited)s. "
        "A band may move because people changed their minds, or because others answered.",
        then=waves[-2]["answered"],
        then_invited=waves[-2]["stakeholders"],
        now=waves[-1]["answered"],
        now_invited=waves[-1]["stakeholders"],
    )
    return [answered, *_verdict(movement)]


def _verdict(movement: Mapping[str, Any]) -> list[str]:
    verdict = movement["verdict"]
    if verdict is None:
        return []
    names = {when: str(phrases.VERDICTS[verdict[when]]) for when in ("from", "to")}
    if verdict["from"] == verdict["to"]:
        return [_("The verdict is the same: “%(to)s”.", **names)]
    return [_("The verdict was “%(from)s”; it is now “%(to)s”.", **names)]
