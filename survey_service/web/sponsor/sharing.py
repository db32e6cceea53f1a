"""The sponsor's share links."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.installation import installation
from survey_service.reports import everyone, publish, shares
from survey_service.reports.models import Share
from survey_service.waves import launch as launching
from survey_service.web.forms import one_line
from survey_service.web.sponsor.door import door, seat

#: How long a link works unless another time is chosen.
DAYS = 30


def listed() -> list[tuple[Share, str]]:
    """The sponsor's own links with their addresses, newest first."""
    here = installation()
    return [
        (one, f"{here.settings.base_url}/r/{shares.token(here.links, one)}")
        for one in shares.of_engagement(seat().engagement)
        if one.from_sponsor
    ]


@door.post("/shares")
def share() -> Response:
    """A new link, once there is a report."""
    here = seat()
    publish.for_sponsor(here.engagement)
    asked = request.form
    days = asked.get("days", type=int)
    with transaction():
        shares.share(
            here.engagement,
            label=one_line(asked.get("label")) or _("Shared"),
            days=days if days in shares.DAYS else DAYS,
            who=here.sponsor.name,
            from_sponsor=True,
            passphrase=asked.get("passphrase", ""),
            at=now(),
        )
    return redirect(url_for(".show"))


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
    return redirect(url_for(".show"))
