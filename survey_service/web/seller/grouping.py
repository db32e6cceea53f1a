"""The groups: where each would appear in the report, and merging those that are small."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField

from survey_service.engagements import desk, exposure, roster
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.i18n import listed
from survey_service.waves import launch as launching
from survey_service.waves.terms import K
from survey_service.web.audiences import scope
from survey_service.web.forms import DoorForm, blame, one_line, said
from survey_service.web.seller.door import door
from survey_service.web.seller.holding import hold_unlaunched, unlaunched


class Merge(DoorForm):
    """Two groups, and what they are called together."""

    group = SelectField(_l("Merge"))
    other = SelectField(_l("with"))
    new_name = StringField(
        _l("and call them"),
        filters=[one_line],
        description=_l("For example “Legal and Finance”. If it is empty, the second name stays."),
    )

    def offer(self, names: list[str]) -> None:
        """The groups there are to choose from."""
        self.group.choices = {name: name for name in names}
        self.other.choices = {name: name for name in names}


@door.get("/engagements/<key>/groups")
def groups(key: str) -> str:
    """What each group would become."""
    engagement = desk.find(scope(), key)
    return _page(engagement, _form(engagement))


@door.post("/engagements/<key>/groups")
def merge_groups(key: str) -> Response | str:
    """Two groups become one."""
    engagement = unlaunched(key)
    form = _form(engagement)
    if not form.is_sent_well():
        return _page(engagement, form)
    names = (said(form.group), said(form.other))
    try:
        with transaction():
            held = hold_unlaunched(key)
            into = roster.merge(held, names, said(form.new_name), who=scope().who, at=now())
    except roster.SameGroup as refusal:
        blame(form.other, refusal)
        return _page(desk.find(scope(), key), form)
    except (roster.GroupReserved, roster.GroupNameTooLong) as refusal:
        blame(form.new_name, refusal)
        return _page(desk.find(scope(), key), form)
    flash(_("%(groups)s are now one group: %(into)s.", groups=listed(names), into=into))
    return redirect(url_for(".groups", key=key))


def _form(engagement: Engagement) -> Merge:
    names = list(roster.sizes(engagement))
    found = sorted(exposure.small(_exposures(engagement), k=K), key=lambda one: one.people)
    first, second, *_rest = [*(one.group for one in found), *names, "", ""]
    form = Merge(group=first, other=second)
    form.offer(names)
    return form


def _exposures(engagement: Engagement) -> tuple[exposure.Exposure, ...]:
    has_sponsor = sponsors.of(engagement) is not None
    return exposure.expose(roster.sizes(engagement), k=K, has_sponsor=has_sponsor)


def _page(engagement: Engagement, form: Merge) -> str:
    found = _exposures(engagement)
    return render_template(
        "seller/groups.html",
        engagement=engagement,
        sponsor=sponsors.of(engagement),
        exposures=found,
        small=exposure.small(found, k=K),
        alone_from=exposure.alone_from(K),
        form=form,
        is_launched=launching.standing_wave(engagement) is not None,
    )
