"""The roster: who is on it, adding and changing people by hand, and keeping a copy."""

from collections.abc import Mapping
from typing import Final

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response as Redirect

from survey_service.engagements import desk, roster
from survey_service.engagements.models import Engagement, Stakeholder
from survey_service.engagements.roster_csv import roster_to_csv
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import gettext as _
from survey_service.invitations import on_paper
from survey_service.waves import launch as launching
from survey_service.web.audiences import need, scope
from survey_service.web.seller.door import door
from survey_service.web.seller.holding import hold_unlaunched, unlaunched
from survey_service.web.seller.person_form import PersonForm, filled

A_PAGE: Final = 100  #: people
MOST_PAGES: Final = 10_000  #: more than any roster has


@door.get("/engagements/<key>/roster")
def roster_page(key: str) -> str:
    """Everyone on it, a page at a time, with a search."""
    return _list(desk.find(scope(), key))


@door.route("/engagements/<key>/roster/add", methods=["GET", "POST"])
def add_person(key: str) -> Redirect | str:
    """One person, typed."""
    engagement = unlaunched(key)
    form = PersonForm(language=engagement.language)
    form.language.choices = roster.languages(engagement)
    new = form.person(engagement)
    if new is None:
        return render_template(
            "seller/add_person.html", engagement=engagement, form=form, groups=roster.groups(engagement)
        )
    with transaction():
        roster.add_all(hold_unlaunched(key), [new], who=scope().who, at=now())
    flash(_("%(name)s is on the roster.", name=new.name))
    return redirect(url_for(".add_person" if "more" in request.form else ".roster_page", key=key))


@door.route("/engagements/<key>/roster/<int:number>", methods=["GET", "POST"])
def edit_person(key: str, number: int) -> Redirect | str:
    """Change somebody where they stand in the list."""
    engagement = unlaunched(key)
    person = roster.find(engagement, number)
    form = PersonForm(**filled(person))
    form.language.choices = roster.languages(engagement)
    new = form.person(engagement, person)
    if new is None:
        return _list(engagement, edited=person, form=form)
    with transaction():
        held = hold_unlaunched(key)
        roster.edit(held, roster.find(held, number), new, who=scope().who, at=now())
    flash(_("%(name)s is changed.", name=new.name))
    return redirect(_back(key))


@door.post("/engagements/<key>/roster/<int:number>/remove")
def remove_person(key: str, number: int) -> Redirect:
    """Take somebody off."""
    with transaction():
        engagement = hold_unlaunched(key)
        person = roster.find(engagement, number)
        name = person.name
        roster.remove(engagement, person, who=scope().who, at=now())
    flash(_("%(name)s is no longer on the roster.", name=name))
    return redirect(_back(key))


@door.get("/engagements/<key>/roster.csv")
def export_roster(key: str) -> Response:
    """The roster as spreadsheets read it; what would be a formula is made text."""
    engagement = desk.find(need("work"), key)
    response = make_response(roster_to_csv(roster.as_people(roster.people(engagement))))
    response.content_type = "text/csv; charset=utf-8"
    name = {"filename": f"roster-{engagement.key}.csv"}
    response.headers["Content-Disposition"] = dump_options_header("attachment", name)
    return response


def _list(engagement: Engagement, edited: Stakeholder | None = None, form: PersonForm | None = None) -> str:
    view = _view(request.args)
    page = request.args.get("page", 1, type=int)
    start = A_PAGE * (min(max(page, 1), MOST_PAGES) - 1)
    people, total = roster.page_of(engagement, holding=view.get("find", ""), start=start, most=A_PAGE)
    return render_template(
        "seller/roster.html",
        engagement=engagement,
        people=people,
        total=total,
        everyone=sum(roster.sizes(engagement).values()),
        groups=roster.groups(engagement),
        without_address=on_paper.count(engagement),
        view=view,
        pages=range(1, -(-total // A_PAGE) + 1),
        page=start // A_PAGE + 1,
        edited=edited,
        form=form,
        is_launched=launching.standing_wave(engagement) is not None,
    )


def _back(key: str) -> str:
    view = _view(request.args)
    return url_for(".roster_page", key=key, find=view.get("find"), page=view.get("page"))


def _view(args: Mapping[str, str]) -> dict[str, str]:
    """Which page of which search one was looking at, to come back to it."""
    return {name: args[name].replace("\0", "") for name in ("find", "page") if args.get(name)}
