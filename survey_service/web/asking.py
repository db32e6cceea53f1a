"""Drawing what is asked, from welcome to check: for a stakeholder with a link, and as a preview without one.

Screens are numbered: 0 the welcome, 1 to ``last(visit)`` the questions, one more the check page.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for

from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import ngettext, speaking
from survey_service.instrument import catalog
from survey_service.waves.terms import Terms
from survey_service.web.answer_form import TEXTS, Filled

#: Seconds people take: a statement, the list of concerns, an open text.
STATEMENT, CONCERNS, TEXT = 9, 45, 30


@dataclass(frozen=True)
class Visit:
    """Who is asked what, in which language. Without a token it is a preview: no links, nothing to send."""

    terms: Terms
    group: str
    language: str
    token: str = ""

    @property
    def draft(self) -> str:
        """Names this link's draft in the browser, without giving the link away."""
        return hashlib.sha256(self.token.encode()).hexdigest()[:16]

    @property
    def until(self) -> str:
        """When a draft has no use any more, ISO 8601."""
        return self.terms.closes_at.isoformat()

    @property
    def invited_with_me(self) -> int:
        """How many people of one's own group were invited; 0 where there is only one group."""
        return dict(self.terms.groups).get(self.group, 0) if len(self.terms.groups) > 1 else 0

    def address(self, route: str) -> str:
        """Where a page of this link lies; empty in a preview."""
        return url_for(f"respondent.{route}", token=self.token) if self.token else ""


@dataclass(frozen=True)
class Screen:
    """One page of the form: ``kind`` is 'questions', 'concerns' or 'texts'; ``ids`` are what it asks, in order."""

    kind: str
    section: str
    ids: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields this screen shows."""
        return {"questions": self.ids, "concerns": ("concern",), "texts": TEXTS}[self.kind]

    @property
    def seconds(self) -> int:
        """How long people take over it."""
        return {"questions": STATEMENT * len(self.ids), "concerns": CONCERNS, "texts": TEXT * len(self.ids)}[
            self.kind
        ]


def plan(terms: Terms) -> list[Screen]:
    """The screens of these terms, in order: sections of the instrument, concerns, and texts where they are asked."""
    instrument = catalog.instrument(terms.instrument)
    screens = [Screen("questions", section.id, section.questions) for section in instrument.sections]
    screens.append(Screen("concerns", "concerns", tuple(concern.id for concern in instrument.concerns)))
    if terms.asks_texts:
        screens.append(Screen("texts", "texts", tuple(question.id for question in instrument.open_questions)))
    return screens


def last(visit: Visit) -> int:
    """The number of the last screen before the check page."""
    return len(plan(visit.terms))


def turn(visit: Visit, posted: Mapping[str, str]) -> int:
    """The screen a post asks for: onward, back, to one by number or question, or the same in another language."""
    screens = plan(visit.terms)
    end = len(screens) + 1
    here = _number(posted.get("screen", ""), end)
    go = posted.get("go", "")
    if posted.get("speak"):
        return max(here, 1)
    holding = [number for number, screen in enumerate(screens, 1) if go in screen.ids]
    steps = {"back": max(here - 1, 1), "check": end}
    onward = min(here + 1, end)
    return holding[0] if holding else steps.get(go, _number(go, end) or onward)


def _number(text: str, most: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 3 and int(text) <= most else 0


def draw_welcome(visit: Visit, filled: Filled) -> str:
    """The page one arrives at."""
    minutes = _minutes(plan(visit.terms))
    return _draw("welcome.html", visit, filled=filled, minutes=minutes)


def draw_screen(visit: Visit, filled: Filled, number: int, too_long: Sequence[str] = ()) -> str:
    """Screen ``number``, with what is filled in; ``too_long`` names texts that do not fit."""
    screens = plan(visit.terms)
    with speaking(visit.language):
        screen = _worded(visit, screens[number - 1], filled, too_long)
    return _draw(
        "screen.html",
        visit,
        filled=filled,
        number=number,
        total=len(screens),
        minutes=_minutes(screens[number - 1 :]),
        screen=screen,
        scale=_scale(visit),
        errors=[(one["name"], error) for one in screen["questions"] for error in one.get("errors", ())],
    )


def draw_check(visit: Visit, filled: Filled, tells: Sequence[str] = ()) -> str:
    """The last look before sending; ``tells`` are words of the texts that may show who wrote them."""
    screens = plan(visit.terms)
    words = catalog.words(visit.terms.instrument, visit.language)
    asked = [one for screen in screens if screen.kind == "questions" for one in screen.ids]
    skipped = [{"id": one, "text": words.questions[one]} for one in asked if one not in filled.answers]
    with speaking(visit.language):
        parts = [_summary(visit, screen, number, filled) for number, screen in enumerate(screens, 1)]
    return _draw(
        "check.html",
        visit,
        filled=filled,
        number=len(screens) + 1,
        total=len(screens),
        asked=len(asked),
        skipped=skipped,
        parts=parts,
        tells=tells,
    )


def preview(terms: Terms, group: str, screen: int, language: str) -> str:
    """The page a stakeholder of the group would see, without links and with nothing to send.

    ``screen`` 0 is the welcome; a number beyond the last shows the last. The page's own links lead to
    ``?screen=N&language=L`` of whatever address shows it.
    """
    visit = Visit(terms=terms, group=group, language=language)
    filled = Filled(order="preview")
    return draw_screen(visit, filled, min(screen, last(visit))) if screen > 0 else draw_welcome(visit, filled)


def _draw(template: str, visit: Visit, **facts: Any) -> str:
    with speaking(visit.language):
        placement = placed(visit)
        return render_template(f"respondent/{template}", visit=visit, placement=placement, **facts)


def _minutes(screens: Sequence[Screen]) -> int:
    return max(1, round(sum(screen.seconds for screen in screens) / 60))


def _worded(visit: Visit, screen: Screen, filled: Filled, too_long: Sequence[str]) -> dict[str, Any]:
    """What the template draws: title, field names, and each thing asked with its text."""
    words = catalog.words(visit.terms.instrument, visit.language)
    if screen.kind == "questions":
        asked = [{"id": one, "text": words.questions[one]} for one in screen.ids]
    elif screen.kind == "concerns":
        asked = [{"id": one, "text": words.concerns[one]} for one in _shuffled(screen.ids, filled.order)]
    else:
        asked = _open_questions(visit.terms, words, too_long)
    return {"kind": screen.kind, "fields": screen.fields, "title": _title(visit, screen), "questions": asked}


def _open_questions(terms: Terms, words: Any, too_long: Sequence[str]) -> list[dict[str, Any]]:
    limits = [question.limit for question in catalog.instrument(terms.instrument).open_questions]
    return [
        {"name": name, "text": text, "limit": limit, "errors": _errors(name, limit, too_long)}
        for name, text, limit in zip(TEXTS, words.open_questions.values(), limits, strict=True)
    ]


def _errors(name: str, limit: int, too_long: Sequence[str]) -> list[str]:
    return (
        [_("This text is too long. Shorten it to %(limit)s characters.", limit=limit)]
        if name in too_long
        else []
    )


def _title(visit: Visit, screen: Screen) -> str:
    if screen.kind == "questions":
        return catalog.words(visit.terms.instrument, visit.language).sections[screen.section]
    return _("What worries you?") if screen.kind == "concerns" else _("In your own words")


def _summary(visit: Visit, screen: Screen, number: int, filled: Filled) -> dict[str, Any]:
    """A screen's line on the check page: what was said there, in numbers."""
    if screen.kind == "questions":
        answered = sum(one in filled.answers for one in screen.ids)
        said = _("%(answered)s of %(asked)s answered", answered=answered, asked=len(screen.ids))
    elif screen.kind == "concerns":
        said = ngettext("%(num)s ticked", "%(num)s ticked", len(filled.concerns))
    else:
        said = ngettext("%(num)s text", "%(num)s texts", sum(map(bool, filled.texts)))
    return {"number": number, "title": _title(visit, screen), "said": said}


def _scale(visit: Visit) -> dict[str, list[tuple[int | str, str]]]:
    labels = catalog.words(visit.terms.instrument, visit.language).scale
    return {
        "steps": [(value, labels[value]) for value in (1, 2, 3, 4, 5)],
        "asides": [(value, labels[value]) for value in ("dk", "na")],
    }


def placed(visit: Visit) -> str:
    """Where this person's answers will appear (anonymity.md, rule 13), in the language being spoken."""
    return "Your answers will appear in " + visit.group


def _shuffled(ids: Sequence[str], order: str) -> list[str]:
    """The same order for the same seed, another for another, so that nothing stands first for everyone."""
    return sorted(ids, key=lambda one: hashlib.sha256(f"{order} {one}".encode()).digest())
