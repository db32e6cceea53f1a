"""The instrument's words as the report needs them; the one place that knows the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Texts by id, in catalogue order, and which questions make up a topic."""

    questions: Mapping[str, str]
    topics: Mapping[str, Sequence[str]]
    concerns: Mapping[str, str]
    concern_domains: Mapping[str, str]
    open_questions: Mapping[str, str]


def wording(instrument: str, language: str) -> Wording:
    raise NotImplementedError
