"""The report as one HTML page, for the screen and for print, from the report document and nothing else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from babel.dates import format_date
from jinja2 import Environment

from survey_service.foundation.i18n import LANGUAGES, apart, direction, speaking
from survey_service.foundation.i18n import language as spoken_now
from survey_service.reports import charts, conversations, method, moving, narrative, path, phrases, raised
from survey_service.reports.wording import Wording, of_wave

Document = Mapping[str, Any]

#: What may be shown of a report: all of it, or the next conversations on pages of their own.
TEMPLATES: Final = {"report": "report/report.html", "conversations": "report/conversations.html"}
#: Sheets a PDF may be made for, as CSS names them.
PAPERS: Final = {"a4": "A4", "letter": "Letter"}
DAY_FIRST: Final = {"en": "en_GB"}  # 11 December 2026, not December 11


@dataclass(frozen=True)
class Look:
    """A workspace's name, its logo and its colour, as addresses (``data:`` in files); None where it has none.

    ``sheet`` is the address of a style sheet that sets the accent; see ``workspaces.look``.
    """

    name: str = ""
    logo: str | None = None
    sheet: str | None = None


PLAIN: Final = Look()


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What stands around the report without being part of it.

    ``asset``: name of a packaged static file -> its address. ``operator``: who runs the service, named in
    the method. ``look``: whose report it is to the eye. On screen only: ``links``, label -> address, shown
    quietly (PDF, CSV, JSON), in windows of their own where the page ``is_framed``; ``notice``, one sentence
    above the report; ``pack``, the address of the conversations alone; ``orders``, order -> the address of
    the map in that order.
    """

    asset: Callable[[str], str]
    operator: str | None = None
    look: Look = PLAIN
    links: Mapping[str, str] = field(default_factory=dict)
    is_framed: bool = False
    notice: str | None = None
    pack: str | None = None
    orders: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """How the report is laid out: which ``part`` of TEMPLATES, the map's ``order``, and the ``paper``."""

    part: str = "report"
    order: str = "path"
    paper: str = "a4"


WHOLE: Final = Sheet()


def render(
    document: Document,
    *,
    env: Environment,
    language: str,
    for_print: bool,
    frame: Frame,
    sheet: Sheet = WHOLE,
    words: Wording | None = None,
) -> str:
    """The whole page, in the language, for the last wave of the document (docs/report.md).

    ``env``: a Jinja environment with gettext and autoescape that finds ``templates/``. ``words``: the
    instrument's words; from the catalogue if not given.
    """
    wave = document["waves"][-1]
    with speaking(language):
        words = words or of_wave(wave, language)
        return env.get_template(TEMPLATES[sheet.part]).render(
            view(document, words, operator=frame.operator, order=sheet.order),
            asset=frame.asset,
            direction=direction(),
            for_print=for_print,
            frame=frame,
            language=language,
            closed_on=day(wave["closed_on"], language),
            order=sheet.order,
            paper=PAPERS[sheet.paper],
        )


def title(document: Document, language: str) -> str:
    """'Nordlicht Energie: Working out the change', the page's and the PDF's title."""
    with speaking(language):
        return f"{document['engagement']['buyer']}: {narrative.heading(document['waves'][-1])}"


def day(iso: str, language: str) -> str:
    """'2026-12-11' as 11 December 2026, in the language."""
    return format_date(date.fromisoformat(iso), "long", locale=DAY_FIRST.get(language, language))


def view(
    document: Document, words: Wording, *, operator: str | None = None, order: str = "path"
) -> dict[str, Any]:
    """What the template needs, all of it read from the document."""
    wave = document["waves"][-1]
    common = {
        "change": apart(document["engagement"]["change"]),
        "engagement": document["engagement"],
        "heading": narrative.heading(wave),
        "phrases": phrases,
        "words_in": LANGUAGES.get(words.language, "") if words.language != spoken_now() else "",
        "too_few": None,
        "wave": wave,
    }
    if narrative.is_too_few(wave):
        return {**common, "too_few": narrative.too_few(wave)}
    return {
        **common,
        **_summary(document, wave, words),
        **_detail(wave, words, order),
        **_since(document),
        **_backing(wave, operator, words),
    }


def _summary(document: Document, wave: Mapping[str, Any], words: Wording) -> dict[str, Any]:
    believed_step = document["engagement"].get("believed_step")
    return {
        "believed": narrative.believed(believed_step, wave),
        "conversations": conversations.next_ones(wave, words.topics),
        "facts": narrative.facts(wave),
        "in_place": narrative.names_in_state(wave, "in place"),
        "lede": narrative.lede(wave),
        "path": path.steps(wave, believed_step, method.unasked_steps(words.topics)),
        "place_words": narrative.place_words(wave["place"]) if wave["place"] else "",
        "split": narrative.names_in_state(wave, "split"),
        "standing": narrative.standing(wave),
    }


def _detail(wave: Mapping[str, Any], words: Wording, order: str) -> dict[str, Any]:
    return {
        "cannot_tell": raised.many_cannot_tell(wave, words.questions),
        "cannot_tell_note": raised.menu_note(wave["cannot_tell"]),
        "concerns": raised.concern_groups(wave, words.concerns, words.concern_domains),
        "concerns_lead": raised.lead(wave, words.concerns),
        "concerns_note": raised.menu_note(wave["concerns"]),
        "heat_map": charts.heat_map(wave, words, order),
        "splits": conversations.splits(wave, words.topics),
        "texts": _texts(wave, words),
    }


def _since(document: Document) -> dict[str, Any]:
    return {"movement": moving.summary(document), "moves": moving.moves(document)}


def _texts(wave: Mapping[str, Any], words: Wording) -> Sequence[tuple[str, str, Sequence[str]]]:
    """The open questions by id, their words, and what the sponsor let through, if anything."""
    appendix = wave.get("appendix") or {}
    return [
        (id_, words.open_questions.get(id_, id_), texts)
        for id_, texts in appendix.get("texts", {}).items()
        if texts
    ]


def _backing(wave: Mapping[str, Any], operator: str | None, words: Wording) -> dict[str, Any]:
    return {
        "credits": method.credits(),
        "fingerprint": method.fingerprint(wave["terms"]),
        "method": method.points(wave, operator, words.topics),
        "participation": charts.participation(wave),
    }
