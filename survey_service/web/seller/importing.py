"""Importing a list: look first, correct what was guessed wrongly, then take it whole or not at all."""

from typing import Final

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from survey_service.engagements import roster
from survey_service.engagements.models import Engagement
from survey_service.engagements.roster_check import Judged, NoAddressColumn
from survey_service.engagements.roster_csv import Table, read_roster
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import ngettext
from survey_service.web.audiences import scope
from survey_service.web.forms import blame, said
from survey_service.web.seller.door import door
from survey_service.web.seller.holding import hold_unlaunched, unlaunched
from survey_service.web.seller.import_form import LookedAt, NewList, guessed
from survey_service.workspaces import members

SHOWN: Final = 10  #: good people shown as a sample
SHOWN_BAD: Final = 200

Page = Response | str


@door.route("/engagements/<key>/roster/import", methods=["GET", "POST"])
def import_list(key: str) -> Page:
    """Choose a file or paste; the next page shows what it holds."""
    engagement = unlaunched(key)
    form = NewList()
    if not form.is_sent_well():
        return render_template("seller/import.html", engagement=engagement, form=form)
    looked = LookedAt(formdata=None, **guessed(form.table, said(form.text)))
    looked.offer(form.table)
    return _look(engagement, looked, _judged(engagement, looked, form.table))


@door.post("/engagements/<key>/roster/import/look")
def import_looked_at(key: str) -> Page:
    """Look again after a correction, or import."""
    engagement = unlaunched(key)
    form = LookedAt()
    table = _table(form)
    if table is None or not form.is_sent_well():
        return _look(engagement, form, None)
    if form.wants("import") or form.wants("rest"):
        return _import(key, form, table)
    return _look(engagement, form, _judged(engagement, form, table))


def _import(key: str, form: LookedAt, table: Table) -> Page:
    """Judge under the lock, then add everybody at once."""
    with transaction():
        engagement = hold_unlaunched(key)
        judged = _judged(engagement, form, table)
        if judged is None:
            return _look(engagement, form, judged)
        if not _may_import(form, judged):
            form.text.errors = [_("Correct the rows, or leave them out with the button for it.")]
            return _look(engagement, form, judged)
        count = roster.add_all(engagement, judged.good, who=scope().who, at=now())
    flash(ngettext("%(num)d person imported.", "%(num)d people imported.", count))
    return redirect(url_for(".groups", key=key))


def _may_import(form: LookedAt, judged: Judged) -> bool:
    return bool(judged.good) and (judged.is_clean or form.wants("rest"))


def _table(form: LookedAt) -> Table | None:
    """The list as it stands in the form; None where it is no list any more, with the reason beside it."""
    try:
        table = read_roster(said(form.text), has_headings=bool(form.has_headings.data))
    except Refusal as refusal:
        for field in form.columns:
            field.choices = {}
        blame(form.text, refusal)
        return None
    form.offer(table)
    return table


def _judged(engagement: Engagement, form: LookedAt, table: Table) -> Judged | None:
    try:
        return roster.judge_table(
            engagement,
            table,
            form.mapping,
            refused_domains=members.domains(engagement.workspace_id),
            default_group=said(form.default_group),
        )
    except NoAddressColumn as refusal:
        blame(form.email, refusal)
        return None


def _look(engagement: Engagement, form: LookedAt, judged: Judged | None) -> str:
    good, bad = (judged.good, judged.bad) if judged else ((), ())
    return render_template(
        "seller/import_look.html",
        engagement=engagement,
        form=form,
        judged=judged,
        people=good[:SHOWN],
        on_paper=[one for one in good if not one.email],
        count=len(good),
        bad=bad[:SHOWN_BAD],
        count_bad=len(bad),
    )
