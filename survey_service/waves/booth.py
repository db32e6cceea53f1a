"""The booth: what someone with a personal link finds, and the slot their answers go into."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from survey_service.answers.intake import Slot
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.key_directory import KeyDirectory, KeyMissing, Links
from survey_service.invitations import links as personal
from survey_service.invitations.models import Invitation
from survey_service.waves import chain, keeping
from survey_service.waves.models import CALLED_OFF, Wave
from survey_service.waves.terms import Terms

log = logging.getLogger(__name__)


class WaveClosed(Refusal):
    """The closing time has come."""

    sentence = _l("The survey has closed. Nothing more is needed from you.")


@dataclass(frozen=True)
class Booth:
    """One invitation at its wave. ``state`` is open, spent, closed, lost, called off or unsafe."""

    wave: Wave
    invitation: Invitation
    terms: Terms
    state: str
    keys: KeyDirectory

    @property
    def group(self) -> str:
        """The stakeholder's group, as frozen in the terms."""
        return self.invitation.group_name

    @property
    def language(self) -> str:
        """The language the roster gives this person."""
        return self.invitation.stakeholder.language


def enter(links: Links, token: str, *, at: datetime) -> Booth:
    """What the token opens. Raises NotFound for any token that opens nothing, KeyMissing, TermsChanged."""
    invitation = personal.find(links, token)
    wave = db.session.get_one(Wave, invitation.wave_id)
    return Booth(
        wave=wave,
        invitation=invitation,
        terms=chain.current(wave),
        state=_state(wave, invitation, links.keys, at),
        keys=links.keys,
    )


def _state(wave: Wave, invitation: Invitation, keys: KeyDirectory, at: datetime) -> str:
    if wave.state == "lost":
        return "called off" if wave.trouble == CALLED_OFF else "lost"
    if wave.state != "open" or at >= wave.closes_at:
        return "closed"
    if _is_in_trouble(wave, keys):
        return "unsafe"
    return "spent" if invitation.spent else "open"


def hold_open(booth: Booth, *, at: datetime) -> Slot:
    """The wave's slot, its row locked against closing until the transaction ends.

    Raises WaveClosed, and KeyMissing where what was put in could not be counted.
    """
    held = select(Wave).where(Wave.id == booth.wave.id).with_for_update(read=True)
    wave = db.session.scalars(held.execution_options(populate_existing=True)).one()
    if wave.state != "open" or at >= wave.closes_at:
        raise WaveClosed
    if _is_in_trouble(wave, booth.keys):
        raise KeyMissing
    return Slot(
        wave_id=wave.id,
        public_key=wave.public_key,
        sheet_length=booth.terms.sheet_length,
        text_length=booth.terms.text_length,
    )


def _is_in_trouble(wave: Wave, keys: KeyDirectory) -> bool:
    found = keeping.trouble(wave, keys)
    if found is not None:
        log.critical("wave %s takes no answers: %s", wave.id, found)
    return found is not None
