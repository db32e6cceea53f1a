"""The way through: welcome, questions, check, send. Everything travels in the form; only send writes."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from survey_service.answers import intake, receipts
from survey_service.answers.intake import Ballot, Sealed
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import NotFound
from survey_service.foundation.ready import ready_transaction
from survey_service.waves import booth as booths
from survey_service.waves.asking import asked
from survey_service.web import answer_form, asking
from survey_service.web.answer_form import Filled
from survey_service.web.respondent import callers, pages, tells
from survey_service.web.respondent.callers import Caller
from survey_service.web.respondent.door import door


@door.get("/<token>")
def welcome(token: str) -> pages.Page:
    """Who asks, about what, and what happens to the answers."""
    caller = callers.find(token)
    if caller.booth.state != "open":
        return pages.turned_away(caller)
    return asking.draw_welcome(caller.visit, Filled(order=answer_form.fresh_order()))


@door.get("/<token>/")
def with_a_slash(token: str) -> Response:
    """Some mail programs and people end an address with a slash."""
    return redirect(url_for(".welcome", token=token, language=request.args.get("language")), 308)


@door.get("/<path:way>")
def astray(way: str) -> pages.Page:
    """An address that leads nowhere, cut or lengthened on its way: this door's own page says so."""
    raise NotFound


@door.get("/<token>/questions")
@door.get("/<token>/send")
def back_to_welcome(token: str) -> Response:
    """An address typed or reloaded without its form: begin at the welcome page."""
    return redirect(url_for(".welcome", token=token, language=request.args.get("language")), 303)


@door.post("/<token>/questions")
def questions(token: str) -> pages.Page:
    """The screen asked for, with everything said so far travelling along."""
    caller = callers.find(token)
    filled, too_long = _posted(caller)
    if not _may_fill_in(caller, filled):
        return pages.turned_away(caller)
    target = asking.turn(caller.visit, request.form)
    return _draw(caller, filled, target, too_long)


@door.post("/<token>/send")
def send(token: str) -> pages.Page:
    """Deposit, once; the same form again shows its receipt again."""
    caller = callers.find(token)
    filled, too_long = _posted(caller)
    receipt = receipts.typed(filled.receipt)
    if receipt is None or too_long:
        return _draw(caller, filled, asking.last(caller.visit) + 1, too_long)
    return _replace(caller, filled, receipt) if filled.replaces else _deposit(caller, filled, receipt)


def _posted(caller: Caller) -> tuple[Filled, list[str]]:
    terms = caller.visit.terms
    return answer_form.read(asked(terms).instrument, request.form, asks_texts=terms.asks_texts)


def _may_fill_in(caller: Caller, filled: Filled) -> bool:
    """An unused link may; a used one only to replace a deposit its receipt still finds."""
    if caller.booth.state == "open":
        return True
    receipt = receipts.typed(filled.receipt)
    is_replacing = caller.booth.state == "spent" and filled.replaces and receipt is not None
    return is_replacing and intake.is_counted(caller.booth.slot.wave_id, receipt or "")


def _draw(caller: Caller, filled: Filled, target: int, too_long: list[str]) -> pages.Page:
    """The target screen; the check page waits until the texts fit."""
    last = asking.last(caller.visit)
    if target > last and too_long:
        return asking.draw_screen(caller.visit, filled, last, too_long)
    if target <= last:
        return asking.draw_screen(caller.visit, filled, target)
    ready = filled.checked(receipts.typed(filled.receipt) or receipts.fresh_receipt())
    return asking.draw_check(caller.visit, ready, tells.found(caller, filled.texts))


def _deposit(caller: Caller, filled: Filled, receipt: str) -> pages.Page:
    booth, sealed = caller.booth, _sealed(caller, filled)
    with ready_transaction():
        is_new = intake.deposit(booths.hold_open(booth, at=now()), booth.invitation, sealed, receipt)
    return pages.receipt(caller, receipt, "first", *([] if is_new else ["came before"]))


def _replace(caller: Caller, filled: Filled, receipt: str) -> pages.Page:
    booth, sealed = caller.booth, _sealed(caller, filled)
    with transaction():
        was_there = intake.replace(booths.hold_open(booth, at=now()), booth.invitation, sealed, receipt)
    if not was_there:
        return pages.draw("not_counted.html", caller)
    return pages.receipt(caller, receipt, "replaced")


def _sealed(caller: Caller, filled: Filled) -> Sealed:
    """Before the database is asked to hold anything: sealing takes longer than writing."""
    ballot = Ballot(answers=filled.answers, concerns=filled.concerns, texts=filled.texts)
    return intake.seal(caller.booth.slot, caller.booth.invitation, ballot)
