"""The language in which a report is read: every figure a claim about answers that nobody shows.

A row says how the answers of some people to some questions, taken together, look. Answers run from bad to
good: those to reverse questions are turned. Rows may overlap, pool questions or rest on three people: whoever
wants to see what an unsafe report gives away must be able to write it down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from survey_service.aggregator.audit.figures import Figures, Span


@dataclass(frozen=True)
class Row:
    """Figures of everyone in ``groups`` on ``questions`` together; ``part`` is the name they stand under."""

    part: str
    groups: frozenset[str]
    questions: tuple[str, ...]
    figures: Figures


@dataclass(frozen=True)
class Few:
    """A question for which at least one of these parts has at most so many numbers."""

    question: str
    parts: tuple[frozenset[str], ...]
    most: int


@dataclass(frozen=True)
class Ticks:
    """How many of n people ticked something: a concern, or that they cannot tell."""

    what: str
    n: int
    span: Span


class Sheets(NamedTuple):
    """How many sheets some groups have together."""

    groups: frozenset[str]
    span: Span


@dataclass(frozen=True)
class Snapshot:
    """What is told of one set of sheets: a wave at close, or a total shown before.

    ``sizes``: the most sheets each group can have. ``sheets``: how many some groups have together.
    ``reverse``: questions whose answers are turned. ``cannot_tell``: don't-knows by question.
    """

    wave: int
    name: str
    k: int
    sizes: Mapping[str, int]
    sheets: Sequence[Sheets]
    rows: Sequence[Row] = ()
    few: Sequence[Few] = ()
    concerns: Sequence[Ticks] = ()
    cannot_tell: Mapping[str, Ticks] | None = None
    reverse: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Claims:
    """All snapshots, oldest first.

    ``grows``: names of an earlier and a later one; every sheet of the earlier is also one of the later.
    """

    snapshots: Sequence[Snapshot]
    grows: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Insider:
    """Someone who knows their own sheet: numbers 1 to 5 as they were asked, or "dk"; and what they ticked."""

    group: str
    answers: Mapping[str, int | str]
    concerns: frozenset[str] = frozenset()
