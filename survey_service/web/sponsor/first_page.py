"""The sponsor's one page: approve before launch, what may be changed while it runs, the report after."""

from flask import render_template

from survey_service.engagements import exposure
from survey_service.foundation.clock import now
from survey_service.invitations import on_paper
from survey_service.waves import amend, asking, chain, handover
from survey_service.waves import launch as launching
from survey_service.waves.models import Wave
from survey_service.web.sponsor import approval, sharing
from survey_service.web.sponsor.door import Seat, door, seat


@door.get("", strict_slashes=False)
def show() -> str:
    """Whatever the sponsor can do now, the next thing first."""
    here = seat()
    wave = launching.standing_wave(here.engagement)
    release = handover.release_of(wave) if wave else None
    if wave is None:
        last = launching.wave_of(here.engagement)
        facts = {**approval.plan(here), "has_report": last is not None and last.state == "released"}
    elif release is None:
        facts = _running(here, wave)
    else:
        facts = sharing.released(here, wave, release)
    return render_template("sponsor/show.html", seat=here, wave=wave, release=release, **facts)


def _running(here: Seat, wave: Wave) -> dict[str, object]:
    terms = chain.current(wave)
    proposal = amend.proposal_of(wave)
    return {
        "terms": terms,
        "exposures": exposure.expose(dict(terms.groups), k=terms.k, has_sponsor=True),
        "instrument": asking.asked(terms).instrument,
        "words": asking.asked(terms).spoken(here.engagement.language),
        "proposal": proposal,
        "proposed": amend.proposed_people(proposal) if proposal else [],
        "on_paper": on_paper.people(here.engagement),
        "is_open": wave.state == "open" and now() < wave.closes_at,
        "may_move": not any(one.kind == chain.CLOSING_MOVED for one in chain.changes(terms)),
    }
