"""Drawing what is asked, from welcome to check: for a stakeholder with a link, and as a preview without one.

Screens are numbered: 0 the welcome, 1 to ``last(visit)`` the questions, one more the check page.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, url_for

from survey_service.foundation.i18n import speaking
from survey_service.waves.terms import Terms
from survey_service.web import asked
from survey_service.web.answer_form import Filled


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
    steps = {"back": max(here - 1, 1), "check": end}
    steps |= {one: number for number, screen in enumerate(screens, 1) for one in screen.ids}
    return steps.get(go) or _number(go, end) or min(here + 1, end)


def draw_welcome(visit: Visit, filled: Filled) -> str:
    """The page one arrives at."""
    return _draw("welcome.html", visit, filled=filled, minutes=asked.minutes(asked.screens(visit.terms)))


def draw_screen(visit: Visit, filled: Filled, number: int, too_long: Sequence[str] = ()) -> str:
    """Screen ``number``, with what is filled in; ``too_long`` names the texts that do not fit."""
    screens = asked.screens(visit.terms)
    return _draw(
        "screen.html",
        visit,
        filled=filled,
        number=number,
        total=len(screens),
        minutes=asked.minutes(screens[number - 1 :]),
        screen=screens[number - 1],
        limits=asked.limits(visit.terms),
        concerns=asked.shuffled(screens[number - 1].ids, filled.order),
        too_long=too_long,
    )


def draw_check(visit: Visit, filled: Filled, tells: Sequence[str] = ()) -> str:
    """The last look before sending; ``tells`` are words of the texts that may show who wrote them."""
    screens = asked.screens(visit.terms)
    statements = [one for screen in screens if screen.kind == "statements" for one in screen.ids]
    return _draw(
        "check.html",
        visit,
        filled=filled,
        number=len(screens) + 1,
        screens=screens,
        statements=statements,
        skipped=[one for one in statements if one not in filled.answers],
        tells=tells,
    )


def preview(terms: Terms, group: str, screen: int, language: str) -> str:
    """The page a stakeholder of the group would see, without links and with nothing to send.

    ``screen`` 0 is the welcome; a number beyond the last shows the last. The page's own links lead to
    ``?screen=N&language=L`` of whatever address shows it.
    """
    visit, filled = Visit(terms=terms, group=group, language=language), Filled(order="preview")
    return draw_screen(visit, filled, min(screen, last(visit))) if screen > 0 else draw_welcome(visit, filled)


def _draw(template: str, visit: Visit, **facts: object) -> str:
    terms = visit.terms
    words = asked.words(terms, visit.language)
    facts |= {"words": words, "part": asked.part(terms, visit.group)}
    with speaking(visit.language):
        facts["introduction"] = asked.introduction(words, terms.change)
        return render_template(f"respondent/{template}", visit=visit, **facts)


def _number(text: str, most: int) -> int:
    """A screen's number as posted; 0 for anything else."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    return int(text) if is_number and int(text) <= most else 0
