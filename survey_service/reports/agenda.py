"""Thirty minutes for one topic: the same way through it for every group, by why the topic is talked about."""

from dataclasses import dataclass
from typing import Final

from survey_service.foundation.i18n import lazy_gettext as _l

#: Why a topic is talked about: two camps, parts far apart, or the organisation's answers as a whole.
CAMPS, APART, WHOLE = "camps", "apart", "whole"

#: Minutes and what happens; a table where it depends on the reason. They add up to MINUTES.
MINUTES: Final = 30
_READ: Final = _l("Read the question and both views aloud. Nobody answers yet.")
_WRITE: Final = _l("Everyone writes down, alone, what would have to be true for them.")
_ROUND: Final = {
    CAMPS: _l("In turn, each says what they wrote. The others listen and ask; nobody argues."),
    APART: _l(
        "The parts that stand furthest apart speak first: what do they see that the others may not see?"
    ),
    WHOLE: _l("In turn, each says what is there already, and what is still missing."),
}
_TOGETHER: Final = {
    CAMPS: _l("Together: what do both views need? What could you find out that would help?"),
    APART: _l("Together: what would make both right? What could you find out that would help?"),
    WHOLE: _l("Together: which one thing would help most, and what would it take?"),
}
_END: Final = _l("Agree on one next step, who takes it, and by when. Who else should be asked?")


@dataclass(frozen=True)
class Item:
    """One stretch of the talk, from its first to its last minute."""

    start: int
    end: int
    text: str


def agenda(reason: str) -> tuple[Item, ...]:
    """Five stretches of together MINUTES, in the language of the moment."""
    texts = ((3, _READ), (5, _WRITE), (10, _ROUND[reason]), (8, _TOGETHER[reason]), (4, _END))
    items, start = [], 0
    for minutes, text in texts:
        items.append(Item(start, start + minutes, str(text)))
        start += minutes
    return tuple(items)
