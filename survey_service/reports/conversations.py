"""Where people are split, and what to talk about next: fair to both views, never naming a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import listed, ngettext
from survey_service.reports import agenda, phrases
from survey_service.reports.charts import ORGANISATION, camps_of
from survey_service.reports.standpoints import VIEWS

Wave = Mapping[str, Any]
Topics = Mapping[str, Sequence[str]]  # topic key -> ids of its questions

SPLITS_SHOWN: Final = 5  # measures.md, A2.6
CONVERSATIONS: Final = 3
FAR_APART: Final = 2  # bands, as in the state "split"


@dataclass(frozen=True)
class Split:
    """A split topic, and what its cells say."""

    key: str
    topic: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Conversation:
    """A topic to talk about next: why, a question that leaves the answer to the group, and how to talk.

    ``views``: two fair ways to see it, neither of them a finding; ``room``: the parts to bring together.
    """

    key: str
    topic: str
    why: tuple[str, ...]
    question: str
    views: tuple[str, str]
    room: str
    agenda: tuple[agenda.Item, ...]


def splits(wave: Wave, topics: Topics) -> list[Split]:
    """The topics people are most split on, at most five, each with what the cells say."""
    shown = [_topic(wave, key) for key in wave["disagreement"][:SPLITS_SHOWN]]
    return [Split(one["key"], _name(one), _why(wave, one, topics[one["key"]])) for one in shown]


def next_ones(wave: Wave, topics: Topics) -> list[Conversation]:
    """What to talk about next, at most three: split topics first, then those not in place, then the mixed."""
    keys = list(wave["disagreement"])
    for state in ("not in place", "mixed"):
        keys += [topic["key"] for topic in wave["topics"] if topic["state"] == state]
    return [_conversation(wave, _topic(wave, key), topics[key]) for key in keys[:CONVERSATIONS]]


def _conversation(wave: Wave, topic: Mapping[str, Any], ids: Sequence[str]) -> Conversation:
    key, views = topic["key"], VIEWS[topic["key"]]
    return Conversation(
        key=key,
        topic=_name(topic),
        why=_why(wave, topic, ids),
        question=str(phrases.QUESTIONS[key]),
        views=(str(views.there), str(views.not_yet)),
        room=_room(wave, topic),
        agenda=agenda.agenda(_reason(topic)),
    )


def _topic(wave: Wave, key: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(topic for topic in wave["topics"] if topic["key"] == key)
    return found


def _name(topic: Mapping[str, Any]) -> str:
    return str(phrases.TOPICS[topic["key"]])


def _reason(topic: Mapping[str, Any]) -> str:
    """Why a split topic is split; any other is talked about for its answers as a whole."""
    if topic["state"] != "split":
        return agenda.WHOLE
    return agenda.CAMPS if any(part["camps"] for part in topic["parts"]) else agenda.APART


def _why(wave: Wave, topic: Mapping[str, Any], ids: Sequence[str]) -> tuple[str, ...]:
    found = (_together(topic), _camps(wave, topic, ids), _gap(topic))
    return tuple(sentence for sentence in found if sentence)


def _together(topic: Mapping[str, Any]) -> str:
    """Where a topic is not split, what it comes to in the organisation."""
    if topic["state"] == "split":
        return ""
    return _("Taken together, the answers are “%(band)s”.", band=phrases.BANDS[topic["organisation_band"]])


def _camps(wave: Wave, topic: Mapping[str, Any], ids: Sequence[str]) -> str:
    split = [part for part in topic["parts"] if part["camps"]]
    if not split:
        return ""
    counts = [camps_of(wave, ids, part["part"]) for part in split]
    if len(topic["parts"]) == 1 and split[0]["part"] == ORGANISATION:
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
    reserved = {ORGANISATION: _("questions shown once for everyone")}
    return listed([reserved.get(part["part"], phrases.part_name(part["part"])) for part in parts])


def _gap(topic: Mapping[str, Any]) -> str:
    """Which parts stand furthest apart, where they are at least two bands apart."""
    low, high = _furthest(topic["parts"])
    if not low:
        return ""
    return _(
        "Furthest apart: %(low_part)s (%(low)s) and %(high_part)s (%(high)s).",
        low_part=_part_names(low),
        low=phrases.BANDS[low[0]["band"]],
        high_part=_part_names(high),
        high=phrases.BANDS[high[0]["band"]],
    )


def _furthest(parts: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """The lowest and the highest parts, where they are far apart; else two empty lists."""
    bands = [part["band"] for part in parts]
    low, high = min(bands), max(bands)
    if high - low < FAR_APART:
        return [], []
    return [part for part in parts if part["band"] == low], [part for part in parts if part["band"] == high]


def _room(wave: Wave, topic: Mapping[str, Any]) -> str:
    """Which parts to bring together: those in two camps and furthest apart; for the rest, every part."""
    low, high = _furthest(topic["parts"])
    concerned = {part["part"] for part in (*low, *high)}
    concerned |= {part["part"] for part in topic["parts"] if part["camps"]}
    if topic["state"] != "split" or ORGANISATION in concerned:
        concerned = {part["part"] for part in wave["parts"]}
    if concerned == {ORGANISATION}:
        return _("people from every group")
    return listed([_with_groups(part) for part in wave["parts"] if part["part"] in concerned])


def _with_groups(part: Mapping[str, Any]) -> str:
    """'Other roles (Legal, Finance)': a part by its name, and the groups in it where it has several."""
    name = phrases.part_name(part["part"])
    if part["groups"] == [part["part"]]:
        return name
    return _("%(part)s (%(groups)s)", part=name, groups=listed(part["groups"]))
