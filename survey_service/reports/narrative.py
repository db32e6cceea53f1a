"""The report's sentences, read from one wave of the report document.

No sentence says more than the document: a band is a word, never a share of people; where a figure is not
shown (null), there is no sentence about it. Pure: no database, clock or framework.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import listed, ngettext
from survey_service.reports import phrases

Wave = Mapping[str, Any]

NAMED_AT_MOST: Final = 3  # more names than these become a number
SURE: Final = 2  # a range this wide still lets one step be named (measures.md, B5.4)
CANNOT_TELL: Final = 4
FAR_AHEAD: Final = 3  # measures.md, B6


@dataclass(frozen=True)
class Fact:
    """One of the four facts: a label, a figure, and what it is a figure of."""

    label: str
    figure: str
    rest: str


@dataclass(frozen=True)
class Standing:
    """Whether the verdict stands: the finding, then what it rests on."""

    lead: str
    rest: str


def is_too_few(wave: Wave) -> bool:
    """True where the wave shows nothing but how many were invited."""
    return bool(wave.get("too_few"))


def heading(wave: Wave) -> str:
    """The verdict as the report's title, or why there is none."""
    if is_too_few(wave):
        return _("Too few answers for a report")
    if wave["verdict"] is None:
        return _("Where you agree, and where you do not")
    return str(phrases.VERDICTS[wave["verdict"]])


def too_few(wave: Wave) -> str:
    """The whole report of a wave with too few answers."""
    return _(
        "Fewer than %(k)s of the %(stakeholders)s people invited answered. "
        "So that nobody can be recognised, no figure is shown, neither now nor later.",
        k=wave["k"],
        stakeholders=wave["stakeholders"],
    )


def place_words(place: Mapping[str, int]) -> str:
    """'step 6', 'about step 6 (5 to 8)' or 'cannot tell: between 2 and 8', by the range's width (B5.4)."""
    width = place["to"] - place["from"]
    if width <= SURE:
        return _("step %(reached)s", **place)
    if width < CANNOT_TELL:
        return _("about step %(reached)s (%(from)s to %(to)s)", **place)
    return _("cannot tell: between %(from)s and %(to)s", **place)


def lede(wave: Wave) -> list[str]:
    """The summary: the place, what it means, what was passed over, and how willing stands to able."""
    sentences = (_place(wave), _outlook(wave), _passed_over(wave), _ahead(wave), _facets(wave))
    return [sentence for sentence in sentences if sentence]


def _place(wave: Wave) -> str:
    place = wave["place"]
    if not place:
        return _(
            "Fewer than ten of the 13 steps were heard, so the report names no place on the path and no "
            "verdict."
        )
    if place["to"] - place["from"] >= CANNOT_TELL:
        return _(
            "Your place on the path cannot be told: it lies between step %(from)s and step %(to)s of 13.",
            **place,
        )
    if place["reached"] == 0:
        return _("Your organisation has most likely not yet come to step 1 of 13.")
    if place["to"] - place["from"] > SURE:
        return _("Your organisation has come to about step %(reached)s of 13 (%(from)s to %(to)s).", **place)
    return _("Your organisation has most likely come to step %(reached)s of 13.", **place)


def _outlook(wave: Wave) -> str:
    return str(phrases.OUTLOOK[wave["verdict"]]) if wave["verdict"] else ""


def _passed_over(wave: Wave) -> str:
    numbers = wave["passed_over"]
    if not numbers or wave["verdict"] == "cannot tell yet":
        return ""
    if len(numbers) > NAMED_AT_MOST:
        return ngettext(
            "On the way there, one step was passed over: split, or not in place.",
            "On the way there, %(num)s steps were passed over: split, or not in place.",
            len(numbers),
        )
    return ngettext(
        "On the way there, one step was passed over: %(names)s.",
        "On the way there, %(num)s steps were passed over: %(names)s.",
        len(numbers),
        names=listed(_step_names(numbers)),
    )


def _ahead(wave: Wave) -> str:
    numbers = wave["ahead_of_order"]
    if not numbers or wave["verdict"] == "cannot tell yet":
        return ""
    return ngettext(
        "%(names)s lies beyond this place and is in place already.",
        "%(names)s lie beyond this place and are in place already.",
        len(numbers),
        names=listed(_step_names(numbers)),
    )


def _step_names(numbers: Sequence[int]) -> list[str]:
    names = list(phrases.STEPS.values())
    return [str(names[number - 1]) for number in numbers]


def _facets(wave: Wave) -> str:
    bands = {
        topic["key"]: topic.get("organisation_band")
        for topic in wave["topics"]
        if topic["key"] in phrases.FACETS
    }
    willing, able = bands.get("willing"), bands.get("able")
    if not willing or not able:
        return ""
    words = {"willing": str(phrases.BANDS[willing]), "able": str(phrases.BANDS[able])}
    if willing > able:
        return _("You are more willing (%(willing)s) than able (%(able)s).", **words)
    if willing < able:
        return _("You are more able (%(able)s) than willing (%(willing)s).", **words)
    return _("Willing and able stand alike: %(willing)s.", **words)


def facts(wave: Wave) -> list[Fact]:
    """The four facts of page one; a readiness that is not shown says so."""
    agreement = wave["agreement"]
    topics = sum(agreement.values())
    return [
        Fact(_("Answered"), str(wave["answered"]), _("of %(invited)s", invited=wave["stakeholders"])),
        Fact(_("In place"), str(agreement["in place"]), _("of %(topics)s topics", topics=topics)),
        Fact(_("Split"), str(agreement["split"]), _("of %(topics)s topics", topics=topics)),
        _readiness(wave),
    ]


def _readiness(wave: Wave) -> Fact:
    readiness = wave["readiness"]
    if readiness is None:
        return Fact(_("Readiness, 0 to 100"), "–", _("not all five domains were heard"))
    between = _("between %(from)s and %(to)s", **readiness)
    return Fact(_("Readiness, 0 to 100"), str(readiness["index"]), between)


def standing(wave: Wave) -> Standing | None:
    """Whether the verdict stands against those who did not answer (B5.7); None where there is no verdict."""
    silence = wave["silence"]
    if silence is None:
        return None
    silent = wave["stakeholders"] - wave["answered"]
    if silence["stands"]:
        return Standing(_leads(wave)[0], _stands(silent))
    return Standing(_leads(wave)[1], f"{_could_be(wave, silent)} {_settle(silence, silent)}")


def _leads(wave: Wave) -> tuple[str, str]:
    """The finding where it stands, and where it does not; without a verdict nothing can be said to stand."""
    if wave["verdict"] == "cannot tell yet":
        return _("The silent would not change this."), _("The silent could change this.")
    return _("The verdict stands."), _("The verdict is not settled.")


def _stands(silent: int) -> str:
    if silent == 0:
        return _("Everyone who was invited answered.")
    return ngettext(
        "It would be the same had the one person who did not answer given the worst answer to every "
        "question, or the best.",
        "It would be the same had the %(num)s people who did not answer all given the worst answer to every "
        "question, or all the best.",
        silent,
    )


def _could_be(wave: Wave, silent: int) -> str:
    could = wave["silence"]["could_be"]
    low, high = could["at_1"], could["at_5"]
    if low["verdict"] == high["verdict"] == wave["verdict"]:
        return _("Read as one part, without the groups, the same answers would not give this verdict.")
    return ngettext(
        "Had the one person who did not answer given the worst answer to every question, it would be "
        "“%(low)s”; had they given the best, “%(high)s”.",
        "Had the %(num)s people who did not answer all given the worst answer to every question, it would be "
        "“%(low)s”; had they all given the best, “%(high)s”.",
        silent,
        low=_verdict_at(low),
        high=_verdict_at(high),
    )


def _verdict_at(could: Mapping[str, Any]) -> str:
    name = str(phrases.VERDICTS[could["verdict"]])
    if could["verdict"] == "cannot tell yet":
        return name
    if could["reached"] == 0:
        return _("%(verdict)s, before step 1", verdict=name)
    return _("%(verdict)s, step %(reached)s", verdict=name, reached=could["reached"])


def _settle(silence: Mapping[str, Any], silent: int) -> str:
    settle = silence["settle"]
    if settle >= silent:
        return _("It would be settled once everyone had answered.")
    return ngettext(
        "One more answer like those given would settle it.",
        "%(num)s more answers like those given would settle it.",
        settle,
    )


def believed(believed_step: int | None, wave: Wave) -> str:
    """Where the seller thought the organisation was, beside where the answers place it (B6); else ''."""
    if believed_step is None:
        return ""
    place = wave["place"]
    if not place:
        return _("The seller placed you at step %(believed)s.", believed=believed_step)
    sentence = str(phrases.BESIDE[_beside(place)]) % {"believed": believed_step, **place}
    if believed_step - place["reached"] >= FAR_AHEAD and wave["verdict"] != "cannot tell yet":
        return " ".join((sentence, _("The steps between are where time will go.")))
    return sentence


def _beside(place: Mapping[str, int]) -> str:
    if place["to"] - place["from"] >= CANNOT_TELL:
        return "range"
    return "step" if place["reached"] else "start"


def names_in_state(wave: Wave, state: str) -> list[str]:
    """Topics in a state: the split in order of disagreement, the others in the order of the path."""
    if state == "split":
        return [str(phrases.TOPICS[key]) for key in wave["disagreement"]]
    return [str(phrases.TOPICS[topic["key"]]) for topic in wave["topics"] if topic["state"] == state]
