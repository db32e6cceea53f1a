"""All that would be asked, for whoever approves it: in each language people may choose, own words marked.

Packaged words need no reading in languages nobody of the roster speaks. A seller's own do: whoever answers
may choose any language that all of it is written in.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from survey_service.collection import shelf
from survey_service.engagements import roster
from survey_service.engagements.models import Engagement
from survey_service.foundation.i18n import LANGUAGES
from survey_service.instrument import catalog, draft
from survey_service.instrument.definition import Definition
from survey_service.instrument.model import Words


@dataclass(frozen=True)
class Text:
    """One text people would read. ``is_own``: the seller's words, not the packaged ones."""

    text: str
    is_own: bool


@dataclass(frozen=True)
class Tongue:
    """Everything in one language."""

    code: str
    name: str
    headings: Sequence[Text]
    statements: Sequence[Text]
    concerns: Sequence[Text]
    open_questions: Sequence[Text]


@dataclass(frozen=True)
class Asked:
    """What would be asked: the main language first. ``own`` counts what is not packaged there.

    ``missing_concerns``: the packaged ones left out, in the main language's words.
    """

    tongues: Sequence[Tongue]
    missing_steps: Collection[int]
    missing_concerns: Sequence[str]

    @property
    def own(self) -> int:
        """How many texts of the main language are the seller's own."""
        first = self.tongues[0]
        texts = (*first.headings, *first.statements, *first.concerns, *first.open_questions)
        return sum(one.is_own for one in texts)


def asked(engagement: Engagement) -> Asked:
    """In the main language and every other it is written in; of a packaged one, those of the roster."""
    found = shelf.find(engagement.instrument)
    others = roster.spoken(engagement) if engagement.instrument in catalog.names() else {*found.languages}
    spoken = [found.spoken(engagement.language)]
    others -= {engagement.language, spoken[0].language}
    spoken += [found.words[code] for code in LANGUAGES if code in others and code in found.languages]
    return Asked(
        [_tongue(words) for words in spoken],
        _missing_steps(engagement.instrument, found),
        _missing_concerns(found, engagement.language),
    )


def _missing_steps(key: str, found: Definition) -> list[int]:
    """Steps that the core form asks and a changed one does not; a packaged form is as it is."""
    if key in catalog.names():
        return []
    there = {one.step for one in found.instrument.questions}
    return sorted({one.step for one in catalog.instrument("core/1").questions} - there)


def _missing_concerns(found: Definition, language: str) -> list[str]:
    theirs = catalog.words("core/1", language).concerns
    return [theirs[id_] for id_ in draft.missing_concerns(found)]


def _tongue(words: Words) -> Tongue:
    theirs = catalog.words("core/1", words.language)
    return Tongue(
        code=words.language,
        name=LANGUAGES[words.language],
        headings=_texts(words.sections, theirs.sections),
        statements=_texts(words.questions, theirs.questions),
        concerns=_texts(words.concerns, theirs.concerns),
        open_questions=_texts(words.open_questions, theirs.open_questions),
    )


def _texts(texts: Mapping[str, str], packaged: Mapping[str, str]) -> list[Text]:
    return [Text(text, packaged.get(id_) != text) for id_, text in texts.items()]
