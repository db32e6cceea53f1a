"""Drawing this door's own pages, each in the language of whoever stands before it."""

from contextlib import nullcontext

from flask import render_template
from werkzeug.wrappers import Response

from survey_service.answers import receipts
from survey_service.foundation.i18n import speaking
from survey_service.web import asking
from survey_service.web.respondent import picture
from survey_service.web.respondent.callers import Caller

#: What a view of this door answers with.
Page = str | tuple[str, int] | Response

#: State of a booth that takes no first answers -> its page and status.
TURNED_AWAY = {
    "spent": ("spent.html", 200),
    "closed": ("closed.html", 200),
    "lost": ("lost.html", 200),
    "called off": ("called_off.html", 200),
    "unsafe": ("unsafe.html", 503),
}


def draw(template: str, caller: Caller | None, **facts: object) -> str:
    """A page of templates/respondent/; without a caller in the browser's language."""
    visit = caller.visit if caller else None
    with speaking(visit.language) if visit else nullcontext():
        return render_template(f"respondent/{template}", visit=visit, **facts)


def turned_away(caller: Caller) -> tuple[str, int]:
    """The calm page of a link that is spent, or whose wave is closed, lost or in trouble with its keys."""
    template, status = TURNED_AWAY[caller.booth.state]
    return draw(template, caller), status


def receipt(caller: Caller, receipt: str, *facts: str) -> str:
    """The receipt in groups, and as a QR code of those characters alone; ``facts`` as of asking."""
    text = receipts.shown(receipt)
    return asking.draw_receipt(caller.visit, text, picture.of(text), facts=set(facts))
