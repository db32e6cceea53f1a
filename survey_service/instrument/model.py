"""What an instrument is: questions, concerns, open questions and screens, and the words for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

#: The 13 steps in order, after Morgen, "Steps Along the Buying Decision Path"; the labels are our own.
STEPS: Final = (
    "idea",
    "sounding-out",
    "first-talks",
    "weighing-up",
    "getting-organised",
    "working-out",
    "bringing-together",
    "research",
    "agreement",
    "action",
    "second-look",
    "choice",
    "putting-to-work",
)
DOMAINS: Final = ("rules", "roles", "people", "money", "management")
FACETS: Final = ("willing", "able")

Facet = Literal["willing", "able"]


@dataclass(frozen=True)
class Question:
    """One statement on the 5-point scale. ``step`` counts from 1; ``reverse``: agreeing is a bad sign."""

    id: str
    step: int
    domain: str
    reverse: bool = False
    facet: Facet | None = None


@dataclass(frozen=True)
class Concern:
    """One worry to tick or not."""

    id: str
    domain: str


@dataclass(frozen=True)
class OpenQuestion:
    """One question answered in own words; ``limit`` in characters."""

    id: str
    limit: int


@dataclass(frozen=True)
class Section:
    """One screen of the answering form: the ids of its questions, in order."""

    id: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Instrument:
    """One version of what is asked, without a word of it. Orders are those of the catalogue."""

    name: str
    version: int
    questions: tuple[Question, ...]
    concerns: tuple[Concern, ...]
    open_questions: tuple[OpenQuestion, ...]
    sections: tuple[Section, ...]

    @property
    def key(self) -> str:
        """Name and version, as terms and reports give it: 'core/1'."""
        return f"{self.name}/{self.version}"

    def __hash__(self) -> int:
        """What is remembered for an instrument is looked up by its name: hashing all of it takes 30 us."""
        return hash((self.name, self.version))


@dataclass(frozen=True)
class Words:
    """An instrument in one language: texts by id, in catalogue order; ``scale`` from 1 to 5."""

    language: str
    title: str
    about: str
    intro: str
    scale: tuple[str, ...]
    dk: str
    na: str
    questions: Mapping[str, str]
    concerns: Mapping[str, str]
    open_questions: Mapping[str, str]
    sections: Mapping[str, str]

    def introduction(self, change: str) -> str:
        """What "the change" and "we" mean here; a full stop after ``change`` is not doubled."""
        return self.intro.replace("{change}", change.strip().removesuffix("."))
