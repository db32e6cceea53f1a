"""Invitations on paper, for people whom no e-mail reaches: a page each, with the link as a QR code."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime

import segno
from markupsafe import Markup
from sqlalchemy import select

from survey_service import journal
from survey_service.engagements.erasure import is_called
from survey_service.engagements.models import Stakeholder
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotFound, Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.i18n import speaking
from survey_service.foundation.installation import Installation
from survey_service.invitations import on_paper
from survey_service.invitations.models import Invitation
from survey_service.outbox import wording
from survey_service.scheduler.records import Sources
from survey_service.scheduler.to_stakeholders import opening, words
from survey_service.waves import chain
from survey_service.waves.booth import WaveClosed
from survey_service.waves.models import Wave


class NobodyOnPaper(Refusal):
    """Everyone of the wave has an address, and nobody was named."""

    sentence = _l("Everyone who is asked has an e-mail address. Name whose letters to print.")


def asked(wave: Wave, whom: Collection[str], *, at: datetime) -> Sequence[Invitation]:
    """The invitations of these people, each an address or the name of somebody without one, in the roster's
    order; () means everyone without an address.

    Raises WaveClosed, NotFound, NobodyOnPaper.
    """
    if wave.state != "open" or at >= wave.closes_at:
        raise WaveClosed
    if not whom:
        found = on_paper.invitations(wave.id)
        if not found:
            raise NobodyOnPaper
        return found
    return [_one(wave, one) for one in dict.fromkeys(whom)]


def printed(
    wave: Wave,
    invitations: Sequence[Invitation],
    installation: Installation,
    *,
    at: datetime,
    asset: Callable[[str], str] | None = None,
) -> str:
    """One HTML document to print, a page for each of these; ``asset``: where the packaged fonts are found.

    Whoever holds a page can open its link, and would see whether it has been used: so this is for whoever
    runs the server, who could see that anyway, and for sealed envelopes. Raises KeyMissing.
    """
    pages = list(_pages(wave, invitations, Sources(installation, at)))
    journal.note(
        "letters printed",
        who="operator",
        at=at,
        workspace_id=wave.engagement.workspace_id,
        engagement_id=wave.engagement_id,
        facts={"wave": wave.number, "count": len(pages)},
    )
    return wording.environment().get_template("_printed.html").render(pages=pages, asset=asset)


def renew(invitations: Sequence[Invitation]) -> None:
    """Void the links sent or printed before, used or not: an envelope was lost, or came open."""
    for invitation in invitations:
        invitation.link_version += 1
    db.session.flush()


def _one(wave: Wave, whom: str) -> Invitation:
    chosen = select(Invitation).join(Stakeholder).where(Invitation.wave_id == wave.id, is_called(whom))
    found = db.session.scalars(chosen).first()
    if found is None:
        raise NotFound
    return found


def _pages(wave: Wave, invitations: Sequence[Invitation], sources: Sources) -> Iterator[Markup]:
    page = wording.environment().get_template("_printed_page.html")
    is_amended = bool(chain.changes(chain.current(wave)))
    for invitation in invitations:
        person, links = invitation.stakeholder, opening(invitation, sources.installation)
        picture = segno.make(links["link"], error="m", micro=False).svg_inline(border=2, scale=4, title="QR")
        with speaking(person.language):
            facts = {**words(invitation, wave, sources), **links, "recipient_name": person.name}
            facts["is_amended"] = is_amended
            # Both are drawn here: the template escapes what people typed, segno draws squares.
            yield Markup(page.render(facts, picture=Markup(picture)))  # noqa: S704 - drawn by our template and our QR code
