"""By receipt: is it counted, replace everything, withdraw.

Never shows an answer; unknown and withdrawn look alike.
"""

from flask import request

from survey_service.answers import intake, receipts
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.waves import booth as booths
from survey_service.web import answer_form, asking
from survey_service.web.answer_form import Filled
from survey_service.web.respondent import callers, pages
from survey_service.web.respondent.callers import Caller
from survey_service.web.respondent.door import door


@door.get("/<token>/receipt")
def receipt(token: str) -> pages.Page:
    """Where a receipt is typed."""
    caller = callers.find(token)
    return _closed(caller) or pages.draw("ask_receipt.html", caller, typed="", is_wrong=False)


@door.post("/<token>/receipt")
def use_receipt(token: str) -> pages.Page:
    """Do what the button says for the receipt typed; anything else asks whether it is counted."""
    caller = callers.find(token)
    closed = _closed(caller)
    if closed:
        return closed
    text = request.form.get("receipt", "")
    receipt = receipts.typed(text)
    if receipt is None:
        return pages.draw("ask_receipt.html", caller, typed=text[:80], is_wrong=True)
    act = ACTS.get(request.form.get("act", ""), _look)
    return act(caller, receipt)


def _closed(caller: Caller) -> pages.Page | None:
    """After close every receipt gets the same page."""
    return (
        pages.turned_away(caller)
        if caller.booth.state in ("closed", "lost", "called off", "unsafe")
        else None
    )


def _look(caller: Caller, receipt: str) -> pages.Page:
    if not intake.is_counted(caller.booth.slot.wave_id, receipt):
        return pages.draw("not_counted.html", caller)
    return pages.draw("counted.html", caller, receipt=receipts.shown(receipt))


def _begin_replacing(caller: Caller, receipt: str) -> pages.Page:
    if not intake.is_counted(caller.booth.slot.wave_id, receipt):
        return pages.draw("not_counted.html", caller)
    filled = Filled(order=answer_form.fresh_order(), receipt=receipt, replaces=True)
    return asking.draw_screen(caller.visit, filled, 1)


def _ask_once_more(caller: Caller, receipt: str) -> pages.Page:
    if not intake.is_counted(caller.booth.slot.wave_id, receipt):
        return pages.draw("not_counted.html", caller)
    return pages.draw("withdraw.html", caller, receipt=receipts.shown(receipt))


def _withdraw(caller: Caller, receipt: str) -> pages.Page:
    with transaction():
        slot = booths.hold_open(caller.booth, at=now())
        was_there = intake.withdraw(slot, receipt)
    return pages.draw("withdrawn.html" if was_there else "not_counted.html", caller)


#: Value of the button pressed -> what it does.
ACTS = {"replace": _begin_replacing, "withdraw": _ask_once_more, "withdraw-now": _withdraw}
