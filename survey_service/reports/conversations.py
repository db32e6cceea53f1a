"""Where people are split, and what to talk about next: fair to both camps, never naming a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import listed, ngettext
from survey_service.reports import phrases
from survey_service.reports.charts import camps_of

Wave = Mapping[str, Any]
Topics = Mapping[str, Sequence[str]]  # topic key -> ids of its questions

SPLITS_SHOWN: Final = 5  # measures.md, A2.6
CONVERSATIONS: Final = 3


@dataclass(frozen=True)
class Conversation:
    """A topic to talk about next, why, and a question that leaves the answer to the group."""

    key: str
    topic: str
    why: tuple[str, ...]
    question: str


def splits(wave: Wave, topics: Topics) -> list[Conversation]:
    """The topics people are most split on, at most five, each with what the cells say."""
    return [_conversation(wave, key, topics) for key in wave["disagreement"][:SPLITS_SHOWN]]


def next_ones(wave: Wave, topics: Topics) -> list[Conversation]:
    """What to talk about next, at most three: split topics first, then those not in place, then the mixed."""
    keys = list(wave["disagreement"])
    for state in ("not in place", "mixed"):
        keys += [topic["key"] for topic in wave["topics"] if topic["state"] == state]
    return [_conversation(wave, key, topics) for key in keys[:CONVERSATIONS]]


def _conversation(wave: Wave, key: str, topics: Topics) -> Conversation:
    topic = next(topic for topic in wave["topics"] if topic["key"] == key)
    why = tuple(sentence for sentence in (_camps(wave, topic, topics[key]), _gap(topic)) if sentence)
    return Conversation(key, str(phrases.TOPICS[key]), why, str(phrases.QUESTIONS[key]))


def _camps(wave: Wave, topic: Mapping[str, Any], ids: Sequence[str]) -> str:
    split = [part for part in topic["parts"] if part["camps"]]
    if not split:
        return ""
    counts = [camps_of(wave, ids, part["part"]) for part in split]
    if len(topic["parts"]) == 1:
        return ngettext(
            "People are in two camps on %(split)s of %(num)s question.",
            "People are in two camps on %(split)s of %(num)s questions.",
            counts[0][1],
            split=counts[0][0],
        )
    places = [_in_part(part, count) for part, count in zip(split, counts, strict=True)]
    return _("Two camps: %(parts)s.", parts=listed(places))


def _in_part(part: Mapping[str, Any], count: tuple[int, int]) -> str:
    split, asked = count
    if split == asked:
        return _part_names([part])
    return _(
        "%(part)s (on %(split)s of %(asked)s questions)", part=_part_names([part]), split=split, asked=asked
    )


def _part_names(parts: Sequence[Mapping[str, Any]]) -> str:
    reserved = {"Organisation": _("questions shown once for everyone")}
    return listed([reserved.get(part["part"], phrases.part_name(part["part"])) for part in parts])


def _gap(topic: Mapping[str, Any]) -> str:
    """Which parts stand furthest apart, where they are at least two bands apart."""
    parts = topic["parts"]
    low, high = min(parts, key=lambda part: part["band"]), max(parts, key=lambda part: part["band"])
    if high["band"] - low["band"] < 2:
        return ""
    return _(
        "Furthest apart: %(low_part)s (%(low)s) and %(high_part)s (%(high)s).",
        low_part=_part_names([part for part in parts if part["band"] == low["band"]]),
        low=phrases.BANDS[low["band"]],
        high_part=_part_names([part for part in parts if part["band"] == high["band"]]),
        high=phrases.BANDS[high["band"]],
    )
