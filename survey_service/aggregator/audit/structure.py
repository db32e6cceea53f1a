"""What a report may hold at all: whatever stands beside the format is a figure nobody has tried.

Every rule here can be read off the report itself: steps, menus and parts; computed figures by computing them
again from the cells.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from survey_service.aggregator import readiness
from survey_service.aggregator.audit.finding import BREAKS_RULE, Finding
from survey_service.aggregator.audit.reading import ORGANISATION, SPARE, Document, Sizes, number
from survey_service.instrument import definition
from survey_service.instrument.model import Instrument

STEPS: Final = {5: ("5-9", "10-19", "20-39", "40+"), 9: ("9-19", "20-39", "40+")}
#: The number of answers from which the consensus mark and three levels of ticks may be shown.
FULL: Final = {5: 10, 9: 20}
EDGES: Final = [2.0, 2.7, 3.3, 4.0]
HEAD: Final = {"wave", "instrument", "terms", "k", "closed_on", "stakeholders"}
READ: Final = (
    "topics",
    "place",
    "verdict",
    "passed_over",
    "ahead_of_order",
    "agreement",
    "disagreement",
    "readiness",
    "silence",
)
HEARD: Final = HEAD | {
    "answered",
    "band_edges",
    "parts",
    "questions",
    "concerns",
    "cannot_tell",
    "appendix",
    *READ,
}
PART: Final = {"part", "groups", "invited", "answered"}
CELL: Final = {"part", "answered", "band", "camps", "consensus"}

Say = Callable[[str, str], Finding]


def broken_rules(
    wave: Document, instrument: Instrument, roster: Sizes, *, has_sponsor: bool | None
) -> Iterator[Finding]:
    """Every rule of publication that a wave of the report breaks, as far as its pages show it."""

    def say(where: str, meaning: str) -> Finding:
        return Finding(BREAKS_RULE, ", ".join(filter(None, (f"wave {wave['wave']}", where))), meaning)

    if wave.get("too_few"):
        yield from _extra(wave, HEAD | {"too_few", "asked"}, "", say)
        yield from _asked(wave, say)
        return
    yield from _extra(wave, HEARD | {"movement", "asked"}, "", say)
    yield from _asked(wave, say)
    yield from _numbers(wave, say)
    yield from _parts(wave, roster, has_sponsor, say)
    yield from _questions(wave, instrument, say)
    yield from _marks(wave, instrument, say)
    yield from _computed(wave, instrument, say)
    yield from _texts(wave, has_sponsor, say)


def _asked(wave: Document, say: Say) -> Iterator[Finding]:
    """What was asked holds the instrument it names and its words, and nothing beside them."""
    if "asked" not in wave:
        return
    found = definition.read(wave["asked"])
    if found.instrument.key != wave["instrument"] or definition.plain(found) != wave["asked"]:
        yield say("asked", "it holds more than what was asked.")


def _extra(holder: Document, known: set[str], where: str, say: Say) -> Iterator[Finding]:
    extra = sorted(set(holder) - known)
    if extra:
        yield say(where, f"it shows more than the format has: {', '.join(extra)}.")


def _numbers(wave: Document, say: Say) -> Iterator[Finding]:
    if wave["answered"] < wave["k"]:
        yield say("", f"it rests on {wave['answered']} answers, fewer than {wave['k']}.")
    if wave["answered"] > wave["stakeholders"]:
        yield say("", "more people answered than were asked.")
    if wave["band_edges"] != EDGES:
        yield say("", "its bands have other edges than those that were tried.")


def _parts(wave: Document, roster: Sizes, has_sponsor: bool | None, say: Say) -> Iterator[Finding]:
    parts = wave["parts"]
    groups = [group for part in parts for group in part["groups"]]
    if len(set(groups)) < len(groups):
        yield say("", "its parts overlap: one can be subtracted from another.")
    if roster and set(roster) != set(groups):
        yield say("", "its parts leave out a group of the roster, or name one that is not on it.")
    if sum(part["invited"] for part in parts) != wave["stakeholders"]:
        yield say("", "its parts do not add up to everyone who was asked.")
    if has_sponsor is False and len(parts) > 1:
        yield say("", "without a sponsor the organisation is one part; here it is several.")
    for part in parts:
        yield from _part(part, wave, roster, say)


def _part(part: Document, wave: Document, roster: Sizes, say: Say) -> Iterator[Finding]:
    name, k = part["part"], wave["k"]
    yield from _extra(part, PART, name, say)
    yield from _step(part["answered"], k, name, say)
    is_alone = len(part["groups"]) == 1 and len(wave["parts"]) > 1
    if is_alone and part["invited"] < k + SPARE:
        yield say(name, f"a group of {part['invited']} stands alone; at least {k + SPARE} people are needed.")
    if roster and part["invited"] != sum(roster.get(group, 0) for group in part["groups"]):
        yield say(name, "the number of people asked is not that of the roster.")


def _step(told: object, k: int, where: str, say: Say) -> Iterator[Finding]:
    """The number of answers, which is told in steps from k on."""
    if told in STEPS[k]:
        return
    is_small = isinstance(told, str | int) and number(told).low < k
    yield say(
        where, f"it rests on {told} answers, {f'fewer than {k}' if is_small else 'which is no step of n'}."
    )


def _questions(wave: Document, instrument: Instrument, say: Say) -> Iterator[Finding]:
    asked = {question.id for question in instrument.questions}
    if set(wave["questions"]) != asked:
        yield say("", "its questions are not those of the instrument.")
    names = [part["part"] for part in wave["parts"]]
    for question, cells in wave["questions"].items():
        shown = [cell.get("part") for cell in cells]
        if shown not in ([], [ORGANISATION], names):
            yield say(question, "its cells overlap, or a part is left out beside others.")
        for cell in cells:
            yield from _cell(cell, f"{question}, {cell.get('part')}", wave, say)


def _cell(cell: Document, where: str, wave: Document, say: Say) -> Iterator[Finding]:
    yield from _extra(cell, CELL, where, say)
    if "band" not in cell or "camps" not in cell:
        yield say(where, "a figure is missing: that it is hidden may tell what it is.")
    yield from _step(cell.get("answered"), wave["k"], where, say)
    mark = cell.get("consensus")
    may_show = cell.get("answered") in STEPS[wave["k"]] and number(cell["answered"]).low >= FULL[wave["k"]]
    if mark is not None and not (may_show and isinstance(mark, bool)):
        yield say(where, "it shows consensus, which so few answers do not allow.")
    if mark is None and may_show and _shows_marks(wave):
        yield say(where, "its consensus mark is missing: that it is hidden may tell what it is.")


def _shows_marks(wave: Document) -> bool:
    return any(cell.get("consensus") is not None for cells in wave["questions"].values() for cell in cells)


def _marks(wave: Document, instrument: Instrument, say: Say) -> Iterator[Finding]:
    """Concerns and don't-knows: of the whole organisation, by the menu for n."""
    menu = "three levels" if wave["answered"] >= FULL[wave["k"]] else "raised"
    levels = (0, 1, 2) if menu == "three levels" else (False, True)
    known = {
        "concerns": {concern.id for concern in instrument.concerns},
        "cannot_tell": {question.id for question in instrument.questions},
    }
    for name, ids in known.items():
        told = wave[name]
        if set(told) - {"menu"} != ids:
            yield say(name, "what is marked is not what was asked.")
        if told.get("menu") != menu:
            yield say(name, f"the menu for {wave['answered']} answers is “{menu}”.")
        odd = [key for key, level in told.items() if key != "menu" and not _is_one_of(level, levels)]
        if odd:
            yield say(name, f"more is shown than a level: {', '.join(odd)}.")


def _is_one_of(level: object, levels: Sequence[object]) -> bool:
    return any(level is one or (type(level) is type(one) and level == one) for one in levels)


def _computed(wave: Document, instrument: Instrument, say: Say) -> Iterator[Finding]:
    """Whatever is read from the cells must come out again; what does not may say more than they do."""
    try:
        again: Mapping[str, Any] = readiness.reading(wave, instrument)
    except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError):
        yield say("", "nothing can be computed from its cells.")
        return
    for name in READ:
        if wave.get(name) != again[name]:
            yield say(name, "it does not follow from the published cells, so it may say more than they do.")


def _texts(wave: Document, has_sponsor: bool | None, say: Say) -> Iterator[Finding]:
    appendix = wave.get("appendix")
    if not appendix:
        return
    if has_sponsor is False:
        yield say("appendix", "free texts are asked only where a sponsor reads them first.")
    for question, texts in appendix["texts"].items():
        if 0 < len(texts) + appendix.get("hidden", 0) < wave["k"]:
            yield say("appendix", f"{question} shows texts of fewer than {wave['k']} people.")


def movement_faults(earlier: Document, later: Document, rosters: tuple[Sizes, Sizes]) -> Iterator[Finding]:
    """Movement, which must follow from the two maps and not stand where few people came or went."""
    told = later.get("movement")
    if told is None:
        return
    where = f"wave {later['wave']}, movement"
    changed = _changed(earlier, later, rosters)
    if readiness.movement(earlier, later, roster_changed_by=changed) is None:
        yield Finding(
            BREAKS_RULE,
            where,
            f"it is shown although the roster changed by {changed}, or cannot be compared.",
        )
    elif told != readiness.movement(earlier, later, roster_changed_by=0):
        yield Finding(BREAKS_RULE, where, "it does not follow from the two waves' cells.")


def _changed(earlier: Document, later: Document, rosters: tuple[Sizes, Sizes]) -> int:
    """By how many people the roster changed at least, by its size and its groups' sizes."""
    before, after = rosters
    if not before or not after:
        return abs(int(later["stakeholders"]) - int(earlier["stakeholders"]))
    return sum(abs(after.get(group, 0) - before.get(group, 0)) for group in {*before, *after})
