"""What is asked, screen by screen, how long it takes, and where the answers will appear."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from survey_service.aggregator import partition
from survey_service.aggregator.partition import Part
from survey_service.foundation.i18n import LANGUAGES, apart
from survey_service.instrument.model import Instrument, OpenQuestion, Words
from survey_service.waves import asking
from survey_service.waves.terms import Terms

#: Seconds people take over one thing of a screen, and over the whole list of concerns.
STATEMENT, TEXT, CONCERNS = 9, 30, 45


@dataclass(frozen=True)
class Screen:
    """One page of the form. ``kind``: 'statements', 'concerns' or 'texts'; ``ids``: what it asks."""

    kind: str
    section: str
    ids: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the form's fields this screen shows."""
        return ("concern",) if self.kind == "concerns" else self.ids

    @property
    def seconds(self) -> int:
        """How long people take over it."""
        return {"statements": STATEMENT * len(self.ids), "texts": TEXT * len(self.ids)}.get(
            self.kind, CONCERNS
        )


def screens(terms: Terms) -> tuple[Screen, ...]:
    """The sections of the instrument, the concerns, and the open texts where a sponsor will read them."""
    return _screens(asking.asked(terms).instrument, terms.asks_texts)


@lru_cache(maxsize=256)
def _screens(instrument: Instrument, asks_texts: bool) -> tuple[Screen, ...]:
    found = [Screen("statements", section.id, section.questions) for section in instrument.sections]
    found.append(Screen("concerns", "", tuple(concern.id for concern in instrument.concerns)))
    if asks_texts:
        found.append(Screen("texts", "", tuple(question.id for question in instrument.open_questions)))
    return tuple(screen for screen in found if screen.ids)


def words(terms: Terms, language: str) -> Words:
    """The instrument's words; in the survey's main language where they are not written in this one."""
    return asking.asked(terms).spoken(language, terms.language)


def languages(terms: Terms) -> dict[str, str]:
    """The languages people may choose, code -> own name: those in which everything is written."""
    whole = asking.asked(terms).languages
    return {code: name for code, name in LANGUAGES.items() if code in whole}


def introduction(words: Words, change: str) -> str:
    """What "the change" and "we" mean here."""
    return words.introduction(apart(change.strip().removesuffix(".")))


def limits(terms: Terms) -> dict[str, int]:
    """Characters each open text may have, by its id."""
    return {question.id: question.limit for question in _open(terms)}


def _open(terms: Terms) -> tuple[OpenQuestion, ...]:
    return asking.asked(terms).instrument.open_questions


def minutes(screens: Sequence[Screen]) -> int:
    """Whole minutes, at least one."""
    return max(1, round(sum(screen.seconds for screen in screens) / 60))


def shuffled(ids: Sequence[str], order: str) -> list[str]:
    """The same order for the same seed and another for another, so that nothing stands first for everyone."""
    return sorted(ids, key=lambda one: hashlib.sha256(f"{order} {one}".encode()).digest())


def part(terms: Terms, group: str) -> Part:
    """The part this group's answers will appear in if everyone answers (anonymity.md, rule 13)."""
    return _part(terms.groups, terms.k, terms.sponsor is not None, group)


@lru_cache(maxsize=1024)
def _part(groups: tuple[tuple[str, int], ...], k: int, has_sponsor: bool, group: str) -> Part:
    among = partition.preview(dict(groups), k=k, has_sponsor=has_sponsor)
    return next((one for one in among if group in one.groups), among[-1])
