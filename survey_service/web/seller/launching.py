"""Asking the sponsor, and launching."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField

from survey_service import journal
from survey_service.engagements import desk, exposure
from survey_service.engagements import sponsor as sponsors
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import NotFound
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.installation import installation
from survey_service.invitations import on_paper
from survey_service.waves import launch as launches
from survey_service.waves.terms import K
from survey_service.web.allowing import need_letters
from survey_service.web.audiences import need, scope
from survey_service.web.forms import DoorForm
from survey_service.web.seller import progress
from survey_service.web.seller.door import door
from survey_service.workspaces import schedule

STRICT_K = 9


class LaunchForm(DoorForm):
    """How strict the report is."""

    strict = BooleanField(
        _l("Keep the report safe even if two people put their answers together"),
        description=_l(
            "No figure then rests on fewer than 9 answers, instead of 5, "
            "and a group is shown by itself from 11 people on. It needs at least 9 answers in all."
        ),
    )


@door.get("/engagements/<key>/approval")
def approval(key: str) -> Response | str:
    """Whether the sponsor was asked, and what they said; once launched there is nothing more to ask."""
    standing = progress.stand(desk.find(scope(), key), at=now())
    if standing.sponsor is None:
        raise NotFound
    if standing.wave is not None:
        return redirect(url_for(".show", key=key))
    return render_template("seller/approval.html", standing=standing)


@door.post("/engagements/<key>/approval")
def ask_approval(key: str) -> Response:
    """Write to the sponsor; again after a change, or when they forgot."""
    eyes = need("work")
    engagement = desk.find(eyes, key)
    desk.need_unlaunched(engagement, launched=launches.standing_wave(engagement) is not None)
    with transaction():
        sponsor = sponsors.of(engagement)
        if sponsor is None:
            raise NotFound
        need_letters(eyes.workspace_id, 1)
        sponsors.ask_approval(sponsor, workspace_id=eyes.workspace_id, language=engagement.language, at=now())
        journal.note(
            "approval asked",
            who=eyes.who,
            at=now(),
            workspace_id=eyes.workspace_id,
            engagement_id=engagement.id,
        )
        name = sponsor.name
    flash(_("A letter to %(name)s is on its way.", name=name))
    return redirect(url_for(".show", key=key))


@door.get("/engagements/<key>/launch")
def launch(key: str) -> Response | str:
    """What would be frozen, and what still stands in the way."""
    standing = progress.stand(desk.find(scope(), key), at=now())
    if standing.wave is not None:
        return redirect(url_for(".show", key=key))
    exposures = exposure.expose(standing.sizes, k=K, has_sponsor=standing.sponsor is not None)
    reminded = schedule.said(schedule.read(standing.engagement.reminders))
    return render_template(
        "seller/launch.html",
        standing=standing,
        exposures=exposures,
        reminded=reminded,
        without_address=on_paper.count(standing.engagement),
        form=LaunchForm(),
    )


@door.post("/engagements/<key>/launch")
def freeze(key: str) -> Response | tuple[str, int]:
    """Freeze the terms and ask everyone."""
    eyes = need("work")
    k = STRICT_K if LaunchForm().strict.data else K
    with transaction():
        launches.launch(eyes, desk.find(eyes, key), installation=installation(), at=now(), k=k)
    flash(_("Launched. The invitations are on their way."))
    return redirect(url_for(".show", key=key))
