"""What may still be changed while a survey runs, each told to everyone by letter (rule 11)."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from survey_service.engagements import desk, roster
from survey_service.engagements.addresses import AddressRefused
from survey_service.engagements.models import Engagement
from survey_service.engagements.roster_check import Judged, NoAddressColumn
from survey_service.engagements.roster_csv import Person, read_roster
from survey_service.engagements.sponsor import FromTheSeller
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import NotFound
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.i18n import ngettext
from survey_service.invitations import on_paper
from survey_service.waves import amend, chain
from survey_service.waves import launch as launching
from survey_service.waves.models import Wave
from survey_service.web.amendment_forms import (
    closing_field,
    moment_in,
    on_clock,
    sponsor_email_field,
    sponsor_name_field,
)
from survey_service.web.audiences import need, scope
from survey_service.web.forms import DoorForm, beside, blame, given, said
from survey_service.web.seller.door import door
from survey_service.workspaces import members


class Closing(DoorForm):
    """Another closing time."""

    closes_at = closing_field()


class AnotherSponsor(DoorForm):
    """Somebody else of the buyer's."""

    name = sponsor_name_field()
    email = sponsor_email_field()


class Joiners(DoorForm):
    """People to be asked as well."""

    people = TextAreaField(
        _l("Who else should be asked?"),
        [given(_l("Paste at least one row."))],
        description=_l("A row each, as in a spreadsheet: name, e-mail address, group."),
    )

    def validate_people(self, field: TextAreaField) -> None:
        """A table of some kind."""
        with beside():
            read_roster(said(field))


@door.route("/engagements/<key>/closing", methods=["GET", "POST"])
def move_closing(key: str) -> Response | str:
    """Move the closing time, once."""
    eyes = need("work")
    engagement, wave = _running(key)
    form = Closing(closes_at=on_clock(wave.closes_at, engagement.time_zone))
    if form.is_sent_well():
        try:
            with transaction():
                closes_at = moment_in(form.closes_at, engagement.time_zone)
                amend.move_closing(eyes, desk.find(eyes, key), closes_at, at=now())
            flash(_("The closing time is moved, and everyone is told by letter."))
            return redirect(url_for(".show", key=key))
        except (amend.ClosesTooEarly, amend.SameClosing, amend.MovedAlready) as refusal:
            blame(form.closes_at, refusal)
    earliest = amend.earliest_closing(now(), engagement.time_zone)
    return render_template(
        "seller/closing.html",
        engagement=engagement,
        wave=wave,
        form=form,
        earliest=earliest,
        least=on_clock(earliest, engagement.time_zone),
        without_address=on_paper.count(engagement),
    )


@door.route("/engagements/<key>/sponsor", methods=["GET", "POST"])
def replace_sponsor(key: str) -> Response | str:
    """Somebody else is the sponsor from now on."""
    eyes = need("work")
    engagement, _wave = _running(key)
    form = AnotherSponsor()
    if form.is_sent_well():
        name, email = said(form.name), said(form.email)
        try:
            with transaction():
                amend.replace_sponsor(eyes, desk.find(eyes, key), name=name, email=email, at=now())
            flash(_("%(name)s is the sponsor now, and everyone is told by letter.", name=name))
            return redirect(url_for(".show", key=key))
        except (AddressRefused, FromTheSeller, amend.SameSponsor) as refusal:
            blame(form.email, refusal)
    without_address = on_paper.count(engagement)
    return render_template(
        "seller/another_sponsor.html", engagement=engagement, form=form, without_address=without_address
    )


@door.route("/engagements/<key>/joiners", methods=["GET", "POST"])
def joiners(key: str) -> Response | str:
    """Propose people to the sponsor; nobody is asked before they agree."""
    eyes = need("work")
    engagement, wave = _running(key)
    form = Joiners()
    people = _people(form, engagement, wave) if form.is_sent_well() else ()
    if people:
        try:
            with transaction():
                amend.propose_people(eyes, desk.find(eyes, key), people, at=now())
            flash(ngettext("%(num)d person is proposed.", "%(num)d people are proposed.", len(people)))
            return redirect(url_for(".joiners", key=key))
        except (amend.NobodyNew, amend.UnknownGroups, launching.AskedTooRecently) as refusal:
            blame(form.people, refusal)
    proposal = amend.proposal_of(wave)
    return render_template(
        "seller/joiners.html",
        engagement=engagement,
        form=form,
        groups=[group for group, _size in chain.current(wave).groups],
        without_address=on_paper.count(engagement),
        proposal=proposal,
        proposed=amend.proposed_people(proposal) if proposal else [],
    )


@door.post("/engagements/<key>/joiners/take-back")
def take_back_joiners(key: str) -> Response:
    """Think again, before the sponsor decides."""
    eyes = need("work")
    with transaction():
        amend.take_back_people(eyes, desk.find(eyes, key), at=now())
    flash(_("Nobody is proposed any more."))
    return redirect(url_for(".joiners", key=key))


def _running(key: str) -> tuple[Engagement, Wave]:
    """An engagement whose survey is open. Raises NotFound, NotOpen."""
    engagement = desk.find(scope(), key)
    wave = launching.standing_wave(engagement)
    if wave is None:
        raise NotFound
    if wave.state != "open" or now() >= wave.closes_at:
        raise amend.NotOpen
    return engagement, wave


def _people(form: Joiners, engagement: Engagement, wave: Wave) -> Sequence[Person]:
    """Everybody in the rows; nobody, with each reason beside the field, if a single row is bad."""
    table = read_roster(said(form.people))
    groups = [group for group, _size in chain.current(wave).groups]
    try:
        judged: Judged = roster.judge_table(
            engagement,
            table,
            table.guess,
            refused_domains=members.domains(engagement.workspace_id),
            only_groups=groups,
        )
    except NoAddressColumn as refusal:
        blame(form.people, refusal)
        return ()
    form.people.errors = [
        *form.people.errors,
        *(
            _("Line %(line)s: %(reasons)s", line=row.line, reasons=" ".join(map(str, row.reasons)))
            for row in judged.bad
        ),
    ]
    return judged.good if judged.is_clean else ()
