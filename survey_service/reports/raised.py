"""Concerns and "many cannot tell" as they may be shown: a level or a tick, in catalogue order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import ngettext
from survey_service.reports import phrases

Wave = Mapping[str, Any]

MOST: Final = 2  # a half or more
SOME: Final = 1  # a quarter to under a half


@dataclass(frozen=True)
class Mark:
    """One concern or question: its words, its level (2, 1, 0, or True, False) and the level in words."""

    id: str
    text: str
    level: int | bool
    word: str

    @property
    def is_raised(self) -> bool:
        return bool(self.level)


@dataclass(frozen=True)
class MarkGroup:
    """The concerns of one domain."""

    name: str
    marks: tuple[Mark, ...]


def _word(level: int | bool) -> str:
    return str(phrases.RAISED[level] if isinstance(level, bool) else phrases.LEVELS[level])


def marks(levels: Mapping[str, Any] | None, texts: Mapping[str, str]) -> list[Mark]:
    """What the document marks, in the order of ``texts``; empty where nothing may be shown."""
    levels = levels or {}
    return [Mark(id_, text, levels[id_], _word(levels[id_])) for id_, text in texts.items() if id_ in levels]


def concern_groups(wave: Wave, texts: Mapping[str, str], domains: Mapping[str, str]) -> list[MarkGroup]:
    """Concerns by domain; ``texts``: id -> words, in catalogue order; ``domains``: id -> domain key."""
    found = marks(wave.get("concerns"), texts)
    groups = (
        MarkGroup(str(name), tuple(mark for mark in found if domains[mark.id] == key))
        for key, name in phrases.DOMAINS.items()
    )
    return [group for group in groups if group.marks]


def menu_note(levels: Mapping[str, Any] | None) -> str:
    """What the levels mean, by the menu that this number of answers allows; '' where nothing is shown."""
    notes = {
        "raised": _("With this few answers a line says only whether about half of you, or more, chose it."),
        "three levels": _(
            "Shown in three levels: under a quarter of you, a quarter to under a half, a half or more."
        ),
    }
    return notes.get((levels or {}).get("menu", ""), "")


def lead(wave: Wave, texts: Mapping[str, str]) -> str:
    """What most share of the concerns, in one sentence; how many at the next level, where there is one."""
    found = marks(wave.get("concerns"), texts)
    if any(isinstance(mark.level, bool) for mark in found):
        return _raised([mark for mark in found if mark.level])
    most = [mark for mark in found if mark.level == MOST]
    return f"{_half_or_more(most)} {_quarter(sum(mark.level == SOME for mark in found))}"


def _raised(found: Sequence[Mark]) -> str:
    if not found:
        return _("No concern was raised by enough of you to be shown.")
    return ngettext(
        "About half of you or more raised one concern.",
        "About half of you or more raised each of %(num)s concerns.",
        len(found),
    )


def _half_or_more(found: Sequence[Mark]) -> str:
    if not found:
        return _("No concern is shared by a half or more of you.")
    return ngettext(
        "One concern is shared by a half or more of you.",
        "%(num)s concerns are each shared by a half or more of you.",
        len(found),
    )


def _quarter(count: int) -> str:
    if not count:
        return _("None is shared by a quarter to under a half.")
    return ngettext(
        "One is shared by a quarter to under a half.",
        "%(num)s are each shared by a quarter to under a half.",
        count,
    )


def many_cannot_tell(wave: Wave, texts: Mapping[str, str]) -> Sequence[Mark]:
    """Questions that a quarter or more (or, with few answers, about half) could not tell."""
    return [mark for mark in marks(wave.get("cannot_tell"), texts) if mark.is_raised]
