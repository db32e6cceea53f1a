"""Holding a wave against its terms: what the tables say must be what was announced."""

from collections.abc import Iterator

from sqlalchemy import func, select

from survey_service.engagements import sponsor as sponsors
from survey_service.foundation.db import db
from survey_service.foundation.i18n import gettext as _
from survey_service.invitations.models import Invitation
from survey_service.waves import chain
from survey_service.waves.models import Wave
from survey_service.waves.terms import Terms, TermsChanged


def faults(wave: Wave) -> list[str]:
    """Everything that differs from the announced terms, in sentences; none: all is as it was announced."""
    try:
        terms = chain.current(wave)
    except (TermsChanged, ValueError, KeyError, TypeError):
        return [_("A text of the terms or of an amendment does not match its SHA-256.")]
    return [*_about_moments(wave, terms), *_about_people(wave, terms), *_about_sponsor(wave, terms)]


def _about_moments(wave: Wave, terms: Terms) -> Iterator[str]:
    if wave.closes_at != terms.closes_at:
        yield _("The survey would close at another time than announced.")
    if (wave.launched_at, wave.number) != (terms.launched_at, terms.wave):
        yield _("The launch does not match the terms.")


def _about_people(wave: Wave, terms: Terms) -> Iterator[str]:
    """Fewer than announced may be: an erased person leaves an empty place."""
    counted = (
        select(Invitation.group_name, func.count())
        .where(Invitation.wave_id == wave.id)
        .group_by(Invitation.group_name)
    )
    announced = dict(terms.groups)
    for group, invited in db.session.execute(counted):
        if invited > announced.get(group, 0):
            yield _("More people were asked in %(group)s than announced.", group=group)


def _about_sponsor(wave: Wave, terms: Terms) -> Iterator[str]:
    sponsor = sponsors.of(wave.engagement)
    if wave.state == "open" and (sponsor.name if sponsor else None) != terms.sponsor:
        yield _("The sponsor is another than announced.")
