"""While the survey runs: more people, the closing time, another sponsor; each told to everyone (rule 11)."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from survey_service.engagements.addresses import AddressRefused
from survey_service.engagements.sponsor import FromTheSeller
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.invitations import on_paper
from survey_service.waves import amend
from survey_service.waves import launch as launching
from survey_service.web.allowing import need_letters
from survey_service.web.amendment_forms import (
    closing_field,
    moment_in,
    on_clock,
    sponsor_email_field,
    sponsor_name_field,
)
from survey_service.web.forms import LinkForm, blame, said
from survey_service.web.sponsor.door import Seat, door, seat
from survey_service.workspaces import scope as scopes
from survey_service.workspaces.scope import Scope


class Closing(LinkForm):
    """Another closing time."""

    closes_at = closing_field()


class HandOver(LinkForm):
    """Another sponsor."""

    name = sponsor_name_field()
    email = sponsor_email_field()


@door.post("/people/accept")
def accept_people() -> Response:
    """The people the seller proposed are invited."""
    with transaction():
        engagement = seat().engagement
        wave = launching.standing_wave(engagement)
        proposal = amend.proposal_of(wave) if wave else None
        need_letters(engagement.workspace_id, len(proposal.people) if proposal else 0)
        amend.accept_people(engagement, at=now())
    return redirect(url_for(".show"))


@door.post("/people/decline")
def decline_people() -> Response:
    """They are not."""
    with transaction():
        amend.decline_people(seat().engagement, at=now())
    return redirect(url_for(".show"))


@door.route("/closing", methods=["GET", "POST"])
def move_closing() -> Response | str:
    """Move the closing time, once."""
    here = seat()
    zone, closes = here.engagement.time_zone, here.engagement.closes_at
    form = Closing(closes_at=on_clock(closes, zone) if closes else None)
    if form.is_sent_well():
        try:
            with transaction():
                closes_at = moment_in(form.closes_at, zone)
                amend.move_closing(_eyes(here), here.engagement, closes_at, at=now())
            return redirect(url_for(".show"))
        except (amend.ClosesTooEarly, amend.SameClosing, amend.MovedAlready) as refusal:
            blame(form.closes_at, refusal)
    earliest = amend.earliest_closing(now(), zone)
    return render_template(
        "sponsor/closing.html",
        seat=here,
        form=form,
        earliest=earliest,
        least=on_clock(earliest, zone),
        on_paper=on_paper.people(here.engagement),
    )


@door.route("/hand-over", methods=["GET", "POST"])
def hand_over() -> str:
    """Somebody else is the sponsor from now on; this link then opens nothing."""
    here = seat()
    form = HandOver()
    if form.is_sent_well():
        buyer, name = here.engagement.buyer, said(form.name)
        try:
            with transaction():
                amend.replace_sponsor(
                    _eyes(here), here.engagement, name=name, email=said(form.email), at=now()
                )
            return render_template("sponsor/handed_over.html", buyer=buyer, name=name)
        except (AddressRefused, FromTheSeller, amend.SameSponsor) as refusal:
            blame(form.email, refusal)
    return render_template(
        "sponsor/hand_over.html", seat=here, form=form, on_paper=on_paper.people(here.engagement)
    )


def _eyes(here: Seat) -> Scope:
    return scopes.of_sponsor(here.workspace, here.sponsor.name)
