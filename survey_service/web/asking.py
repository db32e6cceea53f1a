"""Drawing what is asked, from welcome to check: for a stakeholder with a link, and as a preview without one.

Screens are numbered: 0 the welcome, 1 to ``last(visit)`` the questions, one more the check page.
"""

import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from flask import current_app, render_template, url_for
from markupsafe import Markup

from survey_service.foundation.i18n import speaking
from survey_service.waves.terms import Terms
from survey_service.web import asked
from survey_service.web.answer_form import TEXTS, Filled
from survey_service.web.asked import Screen
from survey_service.web.stencil import Stencil, hole

#: Stencils a process keeps, of some 25 kB each: a wave with six groups in two languages has about 130.
KEPT = 512
#: Stands for the token in a stencil.
ANYBODY = str(hole("token"))
#: Beyond so many skipped statements their list is folded.
MANY = 8


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
    def languages(self) -> dict[str, str]:
        """The languages to choose from, code -> own name."""
        return asked.languages(self.terms)

    @property
    def invited_with_me(self) -> int:
        """How many people of one's own group were invited; 0 where there is only one group."""
        return dict(self.terms.groups).get(self.group, 0) if len(self.terms.groups) > 1 else 0

    def address(self, route: str) -> str:
        """Where a page of this link lies; empty in a preview."""
        return url_for(f"respondent.{route}", token=self.token) if self.token else ""


def last(visit: Visit) -> int:
    """The number of the last screen before the check page."""
    return len(asked.screens(visit.terms))


def turn(visit: Visit, posted: Mapping[str, str]) -> int:
    """The screen a post asks for: onward, back, one by number or question, or the same in new words."""
    screens = asked.screens(visit.terms)
    end = len(screens) + 1
    here, go = _number(posted.get("screen", ""), end), posted.get("go", "")
    if posted.get("speak"):
        return max(here, 1)
    if go == "back":
        return max(here - 1, 1)
    if go == "check":
        return end
    holding = (number for number, screen in enumerate(screens, 1) if go in screen.ids)
    return next(holding, 0) or _number(go, end) or min(here + 1, end)


def draw_welcome(visit: Visit, filled: Filled) -> str:
    """The page one arrives at."""
    return _cut("welcome.html", 0, visit, set(), {"travelling": filled.travelling()})


def draw_screen(visit: Visit, filled: Filled, number: int, too_long: Sequence[str] = ()) -> str:
    """Screen ``number``, with what is filled in; ``too_long`` names the texts that do not fit."""
    screen = asked.screens(visit.terms)[number - 1]
    fillings = {
        "travelling": filled.travelling(screen.fields),
        "onward": "check" if filled.is_checked else "next",
        "concerns": _ticks(visit, filled, screen.ids) if screen.kind == "concerns" else "",
        **dict(zip(TEXTS, filled.texts, strict=True)),
    }
    unfit = {"too long", *(f"too long {one}" for one in too_long)} if too_long else set()
    return _cut("screen.html", number, visit, filled.facts | unfit, fillings)


def draw_check(visit: Visit, filled: Filled, tells: Sequence[str] = ()) -> str:
    """The last look before sending; ``tells`` are words of the texts that may show who wrote them."""
    screens = asked.screens(visit.terms)
    facts = filled.facts | _counts(screens, filled) | ({"tells"} if tells else set())
    fillings = {
        "travelling": filled.travelling(),
        "tells": Markup(", ").join(Markup("<q>{}</q>").format(one) for one in tells),
    }
    return _cut("check.html", len(screens) + 1, visit, facts, fillings)


def draw_receipt(visit: Visit, receipt: str, picture: Markup, *, facts: Set[str]) -> str:
    """The page that shows the receipt as it is read aloud; ``facts``: 'first', 'replaced', 'came before'."""
    return _cut("receipt.html", 0, visit, facts, {"receipt": receipt, "picture": picture})


def preview(terms: Terms, group: str, screen: int, language: str) -> str:
    """The page a stakeholder of the group would see, without links and with nothing to send.

    ``screen`` 0 is the welcome; a number beyond the last shows the last. The page's own links lead to
    ``?screen=N&language=L`` of whatever address shows it.
    """
    visit, filled = Visit(terms=terms, group=group, language=language), Filled(order="preview")
    return draw_screen(visit, filled, min(screen, last(visit))) if screen > 0 else draw_welcome(visit, filled)


def _counts(screens: Sequence[Screen], filled: Filled) -> set[str]:
    """How much was answered of each part, and which statements were not."""
    statements = [one for screen in screens if screen.kind == "statements" for one in screen.ids]
    skipped = [one for one in statements if one not in filled.answers]
    facts = {f"answered={len(filled.answers)}", f"skipped={len(skipped)}"}
    facts.update(f"skipped {one}" for one in skipped)
    facts.update(f"part {number}={_count(one, filled)}" for number, one in enumerate(screens, 1))
    said = {"skipped some": skipped, "skipped many": len(skipped) > MANY, "writes": any(filled.texts)}
    return facts.union(name for name, holds in said.items() if holds)


def _count(screen: Screen, filled: Filled) -> int:
    """How many things of the screen hold something."""
    if screen.kind == "statements":
        return sum(one in filled.answers for one in screen.ids)
    return len(filled.concerns) if screen.kind == "concerns" else sum(map(bool, filled.texts))


def _ticks(visit: Visit, filled: Filled, ids: Sequence[str]) -> Markup:
    """The concerns in this person's order."""
    facts, words = filled.facts, asked.words(visit.terms, visit.language)
    drawn = (
        Stencil(_macros().concern(one, words)).cut(facts, {}) for one in asked.shuffled(ids, filled.order)
    )
    return Markup("".join(drawn))  # noqa: S704 - cut from drawn macros


def _macros() -> Any:  # noqa: ANN401 - a module of templates knows no types
    """How one field is drawn."""
    return current_app.jinja_env.get_template("macros/ask.html").module


def _cut(template: str, number: int, visit: Visit, facts: Set[str], fillings: Mapping[str, str]) -> str:
    """The page from its stencil. A preview's is drawn anew: its instrument may still be changing."""
    own = {"token": visit.token, "draft": visit.draft}
    if not visit.token:
        return _stencil(template, number, visit, visit.terms.links).cut(facts, {**fillings, **own})
    frame = replace(visit, token=ANYBODY)
    return _kept(template, number, frame, visit.terms.links).cut(facts, {**fillings, **own})


def _stencil(template: str, number: int, frame: Visit, _links: Sequence[str]) -> Stencil:
    """A page of templates/respondent/; the links are part of the frame's terms."""
    terms, screens = frame.terms, asked.screens(frame.terms)
    words = asked.words(terms, frame.language)
    with speaking(frame.language):
        drawn = render_template(
            f"respondent/{template}",
            visit=frame,
            number=number,
            total=len(screens),
            screens=screens,
            screen=screens[number - 1] if 0 < number <= len(screens) else None,
            statements=[one for screen in screens if screen.kind == "statements" for one in screen.ids],
            minutes=asked.minutes(screens[max(number - 1, 0) :]),
            limits=asked.limits(terms),
            words=words,
            part=asked.part(terms, frame.group),
            introduction=asked.introduction(words, terms.change),
        )
    return Stencil(drawn)


def _kept(template: str, number: int, frame: Visit, links: Sequence[str]) -> Stencil:
    return _way(frame, links)[template, number]


@lru_cache(maxsize=KEPT // 11)
def _way(frame: Visit, links: Sequence[str]) -> Mapping[tuple[str, int], Stencil]:
    """Every page of a group in a language, drawn with the first of them: some 11.

    Drawn one by one, a page that took its time would tell a colleague that nobody had come so far before;
    and somebody may be alone in their language.
    """
    end = last(frame) + 1
    pages = [("welcome.html", 0), *(("screen.html", number) for number in range(1, end))]
    pages += [("check.html", end), ("receipt.html", 0)]
    return {page: _stencil(*page, frame, links) for page in pages}


def _number(text: str, most: int) -> int:
    """A screen's number as posted; 0 for anything else."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    return int(text) if is_number and int(text) <= most else 0
