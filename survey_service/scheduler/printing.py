"""Invitations on paper, for people whom no e-mail reaches: a page each, with the link as a QR code."""

from collections.abc import Collection, Iterator
from datetime import datetime

import segno
from markupsafe import Markup
from sqlalchemy import select

from survey_service.engagements.models import Stakeholder
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotFound
from survey_service.foundation.i18n import speaking
from survey_service.foundation.installation import Installation
from survey_service.invitations.models import Invitation
from survey_service.outbox import wording
from survey_service.scheduler.records import Sources
from survey_service.scheduler.to_stakeholders import opening, words
from survey_service.waves.booth import WaveClosed
from survey_service.waves.models import Wave


def printed(wave: Wave, addresses: Collection[str], installation: Installation, *, at: datetime) -> str:
    """One HTML document to print, a page for each of these addresses.

    Whoever holds a page can open its link, and would see whether it has been used: so this is for whoever
    runs the server, who could see that anyway, and for sealed envelopes.
    Raises WaveClosed, NotFound, KeyMissing.
    """
    if wave.state != "open" or at >= wave.closes_at:
        raise WaveClosed
    pages = list(_pages(wave, addresses, Sources(installation, at)))
    if len(pages) != len(set(addresses)):
        raise NotFound
    return wording.environment().get_template("_printed.html").render(pages=pages)


def _pages(wave: Wave, addresses: Collection[str], sources: Sources) -> Iterator[Markup]:
    chosen = (
        select(Invitation)
        .join(Stakeholder)
        .where(Invitation.wave_id == wave.id, Stakeholder.email.in_(addresses))
        .order_by(Stakeholder.name, Stakeholder.id)
    )
    page = wording.environment().get_template("_printed_page.html")
    for invitation in db.session.scalars(chosen):
        person, links = invitation.stakeholder, opening(invitation, sources.installation)
        picture = segno.make(links["link"], error="m", micro=False).svg_inline(border=2, scale=4)
        with speaking(person.language):
            facts = {**words(invitation, wave, sources), **links, "recipient_name": person.name}
            # Both are drawn here: the template escapes what people typed, segno draws squares.
            yield Markup(page.render(facts, picture=Markup(picture)))  # noqa: S704 - drawn by our template and our QR code
