"""The sponsor's page after the report is made, and the sponsor's share links."""

import json

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.invitations import on_paper
from survey_service.reports import everyone, follow_up, narrative, publish, shares
from survey_service.waves import chain, handover
from survey_service.waves import launch as launching
from survey_service.waves.models import Release, Wave
from survey_service.web.forms import LinkForm
from survey_service.web.sharing import ShareFields, is_made, listed
from survey_service.web.sponsor.door import Seat, door, seat


class NewShare(ShareFields, LinkForm):
    """A link for somebody."""


def released(here: Seat, wave: Wave, release: Release, form: NewShare | None = None) -> dict[str, object]:
    """What the page shows once there is a report."""
    document = json.loads(release.document)
    return {
        "too_few": narrative.too_few(document) if narrative.is_too_few(document) else "",
        "shares": listed(here.engagement, from_sponsor=True),
        "share_form": form or NewShare(formdata=None),
        "now": now(),
        "texts_wait": handover.has_texts_to_review(wave),
        "k": chain.current(wave).k,
        "is_sent_to_all": everyone.is_sent(wave),
        "on_paper": on_paper.people(here.engagement),
        "has_conversations": bool(follow_up.planned(wave, document)),
    }


@door.post("/shares")
def share() -> Response | str:
    """A new link, once there is a report."""
    here = seat()
    document = publish.for_sponsor(here.engagement)["waves"][-1]
    form = NewShare()
    if form.is_sent_well() and is_made(
        here.engagement, form, who=here.sponsor.name, from_sponsor=True, at=now()
    ):
        return redirect(url_for(".show", _anchor="links"))
    wave = launching.numbered(here.engagement, document["wave"])
    release = handover.release_of(wave)
    assert release
    facts = released(here, wave, release, form)
    return render_template("sponsor/show.html", seat=here, wave=wave, release=release, **facts)


@door.post("/send-to-all")
def send_to_all() -> Response:
    """The report for everyone asked, by a link that lasts; once."""
    here = seat()
    publish.for_sponsor(here.engagement)
    with transaction():
        wave = launching.wave_of(here.engagement)
        if wave is not None:
            everyone.send(wave, who=here.sponsor.name, at=now())
    return redirect(url_for(".show"))


@door.post("/shares/<link>/revoke")
def take_back(link: str) -> Response:
    """One of the sponsor's own links stops working."""
    here = seat()
    with transaction():
        shares.revoke(here.engagement, link, from_sponsor=True, who=here.sponsor.name, at=now())
    return redirect(url_for(".show", _anchor="links"))
