"""The editor's form: what was posted as a draft, and the draft as fields. Whatever is typed is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from survey_service.collection import sentences
from survey_service.foundation.i18n import LANGUAGES
from survey_service.instrument import draft as drafts
from survey_service.instrument.definition import Definition
from survey_service.instrument.draft import Draft
from survey_service.instrument.model import DOMAINS
from survey_service.reports import phrases
from survey_service.web.forms import one_line

#: Empty lines for further concerns.
NEW: Final = ("1", "2")
HEADINGS: Final = ("sections", "open_questions")
#: Characters; far beyond what may be asked, so that too long a text is named and not cut.
LONGEST: Final = 2000


@dataclass(frozen=True, kw_only=True)
class Line:
    """One text to write: a question or a concern of one's own. ``packaged``: the words it was copied with."""

    id: str
    text: str
    faults: Sequence[str] = ()
    domain: str = ""
    is_turned: bool = False
    packaged: str = ""
    elsewhere: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether it is written in another language only."""
        return not self.text and bool(self.elsewhere or self.packaged)


@dataclass(frozen=True)
class Packaged:
    """One concern of the packaged form: its words as they are, asked or left out."""

    id: str
    text: str
    is_asked: bool


@dataclass(frozen=True)
class Step:
    """One of the 13 steps with its questions."""

    number: int
    name: str
    is_asked: bool
    lines: Sequence[Line]


def typed(before: Draft, form: Mapping[str, str], language: str) -> Draft:
    """The draft with everything that was posted, in the one language the page was in."""
    made = drafts.copied(before)
    if form.get("packaged"):
        shown = [one["id"] for one in drafts.packaged_concerns(made)]
        made["left_out"] = [id_ for id_ in shown if not form.get(f"concern-{id_}")]
    steps = sorted({one["step"] for one in made["questions"]})
    made["dropped"] = [number for number in steps if not form.get(f"step-{number}")]
    for one in made["questions"]:
        if (name := f"q-{one['id']}") in form:
            text = _text(form, name) or _still_fits(made, form, language, one)
            drafts.reword(made, language, one["id"], text)
    _concerns(made, form, language)
    _headings(made, form, language)
    return made


def steps(draft: Draft, built: Definition, language: str) -> list[Step]:
    """The steps that have questions, for the page in one language."""
    faults = sentences.beside(built, language)
    lines: dict[int, list[Line]] = {}
    for one in draft["questions"]:
        lines.setdefault(one["step"], []).append(_line(draft, one, language, faults))
    names = list(phrases.STEPS.values())
    return [
        Step(number, str(names[number - 1]), number not in draft["dropped"], lines[number])
        for number in sorted(lines)
    ]


def concerns(draft: Draft, built: Definition, language: str) -> list[Line]:
    """The concerns of one's own, for the page in one language."""
    faults = sentences.beside(built, language)
    return [
        Line(
            id=one["id"],
            text=_written(draft, language, "concerns", one["id"]),
            faults=faults.get(one["id"], ()),
            domain=one["domain"],
            elsewhere=_elsewhere(draft, language, "concerns", one["id"]),
        )
        for one in drafts.own_concerns(draft)
    ]


def packaged_concerns(draft: Draft, language: str) -> list[Packaged]:
    """The concerns it was copied with, for the page in one language."""
    left_out = draft.get("left_out", ())
    return [
        Packaged(one["id"], _written(draft, language, "concerns", one["id"]), one["id"] not in left_out)
        for one in drafts.packaged_concerns(draft)
    ]


def headings(draft: Draft, built: Definition, language: str) -> list[Line]:
    """Titles of screens and open questions; only where nothing packaged has them."""
    if draft["taken_from"]:
        return []
    faults = sentences.beside(built, language)
    return [
        Line(
            id=one["id"],
            text=_written(draft, language, kind, one["id"]),
            faults=faults.get(one["id"], ()),
            elsewhere=_elsewhere(draft, language, kind, one["id"]),
        )
        for kind in HEADINGS
        for one in draft[kind]
    ]


def told(built: Definition, language: str) -> dict[str, list[str]]:
    """Id -> faults, for the page that looks while one types."""
    return sentences.beside(built, language)


def languages(built: Definition) -> dict[str, int]:
    """Every language of the service -> how many texts are missing in it."""
    return {code: len(built.unwritten(code)) for code in LANGUAGES}


def _line(draft: Draft, one: Mapping[str, Any], language: str, faults: Mapping[str, Sequence[str]]) -> Line:
    return Line(
        id=one["id"],
        text=_written(draft, language, "questions", one["id"]),
        faults=faults.get(one["id"], ()),
        domain=one["domain"],
        is_turned=one.get("reverse", False),
        packaged=drafts.packaged(draft, language, one["id"]),
        elsewhere=_elsewhere(draft, language, "questions", one["id"]),
    )


def _written(draft: Draft, language: str, kind: str, id_: str) -> str:
    found: str = draft["words"].get(language, {}).get(kind, {}).get(id_, "")
    return found


def _elsewhere(draft: Draft, language: str, kind: str, id_: str) -> str:
    """How another language has it, so that one knows what to write."""
    texts = (_written(draft, other, kind, id_) for other in draft["words"] if other != language)
    return next((text for text in texts if text), "")


def _still_fits(draft: Draft, form: Mapping[str, str], language: str, one: Mapping[str, Any]) -> str:
    return drafts.packaged(draft, language, one["id"]) if form.get(f"fits-{one['id']}") else ""


def _concerns(draft: Draft, form: Mapping[str, str], language: str) -> None:
    for one in drafts.own_concerns(draft):
        if form.get(f"drop-{one['id']}"):
            drafts.drop_concern(draft, one["id"])
        elif (name := f"k-{one['id']}") in form:
            one["domain"] = _domain(form, f"domain-{one['id']}")
            _say(draft, language, one["id"], _text(form, name))
    for number in NEW:
        text = _text(form, f"new-{number}")
        if text:
            _say(draft, language, drafts.add_concern(draft, _domain(form, f"new-domain-{number}")), text)


def _headings(draft: Draft, form: Mapping[str, str], language: str) -> None:
    for kind in HEADINGS:
        for one in draft[kind]:
            if (name := f"h-{one['id']}") in form:
                draft["words"].setdefault(language, {}).setdefault(kind, {})[one["id"]] = _text(form, name)


def _say(draft: Draft, language: str, id_: str, text: str) -> None:
    draft["words"].setdefault(language, {}).setdefault("concerns", {})[id_] = text


def _text(form: Mapping[str, str], name: str) -> str:
    return (one_line(form.get(name)) or "")[:LONGEST]


def _domain(form: Mapping[str, str], name: str) -> str:
    chosen = form.get(name, "")
    return chosen if chosen in DOMAINS else DOMAINS[0]
