"""After the report: who takes which next conversation, by when; to print and as CSV."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, redirect, render_template, url_for
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response as Redirect
from wtforms import BooleanField, DateField, StringField
from wtforms.validators import Optional

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import NotFound
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.reports import follow_up, publish
from survey_service.reports.follow_up import Plan, Planned
from survey_service.waves import launch as launching
from survey_service.waves.models import Wave
from survey_service.web.forms import LinkForm, at_most, one_line, said
from survey_service.web.sponsor.door import Seat, door, seat


@door.route("/conversations", methods=["GET", "POST"])
def conversations() -> Redirect | str:
    """Give each next conversation an owner and a day, and tick off what is done."""
    here = seat()
    wave, listed = _listed(here)
    form = _form(listed, shown=follow_up.is_shown(wave))
    if not form.is_sent_well():
        return render_template("sponsor/conversations.html", seat=here, form=form, listed=listed)
    today = now().astimezone(ZoneInfo(here.engagement.time_zone)).date()
    plans = {one.key: _plan(form, number, one, today) for number, one in enumerate(listed)}
    with transaction():
        wave, _again = _listed(here)
        follow_up.keep(wave, plans, shown=bool(form.is_shown.data), who=here.sponsor.name, at=now())
    return redirect(url_for(".conversations"))


@door.get("/conversations.csv")
def keep_conversations() -> Response:
    """The same for a spreadsheet."""
    response = Response(follow_up.to_csv(_listed(seat())[1]).encode("utf-8-sig"), mimetype="text/csv")
    disposition = dump_options_header("attachment", {"filename": "next-conversations.csv"})
    response.headers["Content-Disposition"] = disposition
    return response


def _listed(here: Seat) -> tuple[Wave, list[Planned]]:
    """The last report's wave and its next conversations. Raises NotClosedYet, NotFound."""
    document = publish.for_sponsor(here.engagement)["waves"][-1]
    wave = launching.numbered(here.engagement, document["wave"])
    listed = follow_up.planned(wave, document)
    if not listed:
        raise NotFound
    return wave, listed


def _form(listed: list[Planned], *, shown: bool) -> Any:  # noqa: ANN401 - made for these conversations
    """A form with three fields for each conversation."""
    fields: dict[str, Any] = {"is_shown": BooleanField(_l("The seller may see this page too"))}
    filled: dict[str, Any] = {"is_shown": shown}
    for number, one in enumerate(listed):
        fields |= {
            f"owner_{number}": StringField(
                _l("Who takes it?"),
                [at_most(follow_up.LONGEST_OWNER)],
                filters=[one_line],
                description=_l("A name or a role."),
            ),
            f"due_{number}": DateField(_l("By when?"), [Optional()]),
            f"done_{number}": BooleanField(_l("Done")),
        }
        plan = one.plan
        filled |= {f"owner_{number}": plan.owner, f"due_{number}": plan.due_on}
        filled[f"done_{number}"] = plan.done_on is not None
    return type("PlanForm", (LinkForm,), fields)(**filled)


def _plan(form: Any, number: int, one: Planned, today: date) -> Plan:  # noqa: ANN401 - made for these
    """What was put down; a day of being done stays."""
    done = form[f"done_{number}"].data
    done_on = (one.plan.done_on or today) if done else None
    return Plan(said(form[f"owner_{number}"]), form[f"due_{number}"].data, done_on)
