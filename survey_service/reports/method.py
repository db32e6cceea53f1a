"""Method and limits: what every figure rests on, said in the report itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import language, listed, ngettext
from survey_service.instrument import catalog
from survey_service.reports import phrases

Wave = Mapping[str, Any]


@dataclass(frozen=True)
class Point:
    """One point of the method: a term and what is said about it."""

    term: str
    text: str


def fingerprint(terms: str) -> str:
    """The first eight hex digits of the terms' SHA-256 in two groups, as people compare them."""
    return f"{terms[:4]} {terms[4:8]}"


def grouped(terms: str) -> str:
    """The whole SHA-256 in groups of eight digits."""
    return " ".join(terms[at : at + 8] for at in range(0, len(terms), 8))


def bands(wave: Wave) -> str:
    """The bands with their edges, in words."""
    low, rather_low, rather_high, high = wave["band_edges"]
    names = {f"b{number}": str(name) for number, name in phrases.BANDS.items()}
    return _(
        "Answers run from 1 (strongly disagree) to 5 (strongly agree); questions put the other way round "
        "are turned. A cell shows the band of their mean: %(b1)s up to %(e1)s, %(b2)s up to %(e2)s, %(b3)s "
        "between, %(b4)s from %(e3)s, %(b5)s from %(e4)s.",
        e1=low,
        e2=rather_low,
        e3=rather_high,
        e4=high,
        **names,
    )


def points(
    wave: Wave, operator: str | None, topics: Mapping[str, Sequence[str]] | None = None
) -> Sequence[Point]:
    """The method of a full report, most important first; ``operator`` runs the service.

    ``topics``: topic key -> ids of its questions, for what was not asked at all.
    """
    found = (
        Point(_("Who answered"), _answered(wave)),
        Point(_("What is shown"), _shown(wave)),
        Point(_("Not asked"), " ".join(filter(None, (_unasked(topics or {}), _left_out(wave))))),
        Point(_("Questions"), _own_words(wave)),
        Point(_("Bands"), bands(wave)),
        Point(_("Two camps"), _camps()),
        Point(_("Close together"), _consensus()),
        Point(_("Topics"), _topics()),
        Point(_("States"), _states()),
        Point(_("Place on the path"), _place(wave)),
        Point(_("Silence"), _silence(wave)),
        Point(_("Limits"), _limits()),
        Point(_("Terms"), _terms(wave)),
        Point(_("Operator"), _operator(operator)),
    )
    return tuple(point for point in found if point.text)


def _answered(wave: Wave) -> str:
    return _(
        "%(n)s of the %(invited)s people invited answered. They are everyone who was asked, not a sample, "
        "so there is no margin of error; what is uncertain is what the others would have said.",
        n=wave["answered"],
        invited=wave["stakeholders"],
    )


def _shown(wave: Wave) -> str:
    return _(
        "No figure rests on fewer than %(k)s answers. Each cell is one question in one part of the "
        "organisation, and no two cells share an answer. How many answered in a part is shown in steps. A "
        "question with fewer than %(k)s answers in some part is shown once, for everyone together; this "
        "tells that somebody left it out.",
        k=wave["k"],
    )


def unasked_steps(topics: Mapping[str, Sequence[str]]) -> list[str]:
    """Keys of the steps that have no question."""
    return [key for key in phrases.STEPS if not topics.get(key, True)]


def _unasked(topics: Mapping[str, Sequence[str]]) -> str:
    missing = unasked_steps(topics)
    if not missing:
        return ""
    return ngettext(
        "One of the 13 steps was not asked, and nothing is said of it: %(names)s.",
        "%(num)s of the 13 steps were not asked, and nothing is said of them: %(names)s.",
        len(missing),
        names=listed([str(phrases.STEPS[key]) for key in missing]),
    )


def _left_out(wave: Wave) -> str:
    """Concerns of the core form that an instrument of the workspace's own does not ask."""
    if "asked" not in wave:
        return ""
    asked = {one["id"] for one in wave["asked"]["concerns"]}
    usual = catalog.words("core/1", language()).concerns
    missing = [text for id_, text in usual.items() if id_ not in asked]
    if not missing:
        return ""
    texts = listed([_("“%(text)s”", text=text) for text in missing])
    return ngettext(
        "One of the usual concerns was left out: %(texts)s.",
        "%(num)s of the usual concerns were left out: %(texts)s.",
        len(missing),
        texts=texts,
    )


def _own_words(wave: Wave) -> str:
    if "asked" not in wave:
        return ""
    return _(
        "Some questions or concerns are worded for this survey; what each is about, and how it is counted, "
        "is the same. The JSON file holds every word in every language that was asked."
    )


def _camps() -> str:
    return _(
        "At least a quarter of the answers are 1 or 2 and at least a quarter are 4 or 5. On a topic: "
        "at least a third of its questions are in two camps."
    )


def _consensus() -> str:
    return _(
        "The consensus of Tastle and Wierman (2007) is at least 0.6; below, the answers are spread out. "
        "Shown only where enough people answered."
    )


def _topics() -> str:
    return _(
        "A topic is the mean of its questions' bands. The organisation is the mean of its parts, weighted "
        "by their size. Everything but the cells, the concerns and “I can't tell” is computed from the "
        "cells, and can be computed again from the CSV file."
    )


def _states() -> str:
    return _(
        "Split: parts with two camps hold at least half of the people, or two parts are at least two bands "
        "apart. In place: rather high or high, and no part low or rather low. Not in place: low or rather "
        "low. Else mixed."
    )


def _place(wave: Wave) -> str:
    place = wave["place"]
    if not place:
        return ""
    return _(
        "The most credible number of steps behind you, by a model of how such steps are answered; "
        "with the range that holds it in four of five cases by that model: %(from)s to %(to)s.",
        **place,
    )


def _silence(wave: Wave) -> str:
    if wave["silence"] is None:
        return ""
    return _(
        "The verdict is worked out again as if those who did not answer had all said 1, and all said 5, "
        "where 5 is the best answer to each question, taking the organisation as one part."
    )


def _limits() -> str:
    return _(
        "The questions have not been validated. The edges of the bands, the shares, the model of the path "
        "and the names of the verdicts are design choices. Read the report as a start to a conversation, "
        "not as a test."
    )


def _terms(wave: Wave) -> str:
    return _(
        "Frozen before the first answer and shown to everyone who was asked. After that only an announced "
        "amendment can move the closing time, add people or name another sponsor; the fingerprint is that of "
        "the terms with every amendment. It begins %(short)s; in full: %(full)s.",
        short=fingerprint(wave["terms"]),
        full=grouped(wave["terms"]),
    )


def _operator(operator: str | None) -> str:
    return _("This service is run by %(operator)s.", operator=operator) if operator else ""


def credits() -> Sequence[str]:
    """Whose ideas the report stands on."""
    return (
        _(
            "The 13 steps follow Sharon Drew Morgen, “Steps Along the Buying Decision Path”; "
            "the short names and all questions are our own."
        ),
        _(
            "Willing and able follow Weiner (2009), readiness for organisational change as a shared state: "
            "commitment and efficacy."
        ),
        _("Consensus: Tastle and Wierman (2007), International Journal of Approximate Reasoning 45(3)."),
    )
