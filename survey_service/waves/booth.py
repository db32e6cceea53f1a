"""The booth: what someone with a personal link finds, and the slot their answers go into."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from survey_service.answers.intake import Slot
from survey_service.engagements.models import Engagement, Stakeholder
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotFound, Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.key_directory import KeyDirectory, KeyMissing, Links
from survey_service.foundation.ready import Ready
from survey_service.invitations import links as personal
from survey_service.invitations.models import Invitation
from survey_service.waves import chain, keeping
from survey_service.waves.models import CALLED_OFF, Amendment, Wave
from survey_service.waves.terms import Terms

log = logging.getLogger(__name__)


class WaveClosed(Refusal):
    """The closing time has come."""

    sentence = _l("The survey has closed. Nothing more is needed from you.")


class Asked(NamedTuple):
    """One invitation as it is read for a page: a value, not a record."""

    id: int
    group_name: str
    spent: bool


class Standing(NamedTuple):
    """How a wave stands at this moment."""

    id: int
    state: str
    closes_at: datetime
    key: str
    mark: str | None
    trouble: str | None


ASKED = (Invitation.id, Invitation.group_name, Invitation.spent)
STANDING = (Wave.id, Wave.state, Wave.closes_at, Wave.key, Wave.mark, Wave.trouble)


@dataclass(frozen=True)
class Booth:
    """One invitation at its wave. ``state`` is open, spent, closed, lost, called off or unsafe.

    ``language`` is the one the roster gives this person.
    """

    slot: Slot
    invitation: Asked
    terms: Terms
    state: str
    language: str
    keys: KeyDirectory

    @property
    def group(self) -> str:
        """The stakeholder's group, as frozen in the terms."""
        return self.invitation.group_name


def _everything() -> Select[Any]:
    """All a page needs to know of a link, in one question; a row for each amendment, in order, or one."""
    return (
        select(*ASKED, *STANDING, Invitation.link_version, Stakeholder.language)
        .add_columns(Wave.public_key, Wave.terms, Wave.terms_sha256)
        .add_columns(Amendment.number, Amendment.document, Amendment.sha256)
        .join(Stakeholder, Stakeholder.id == Invitation.stakeholder_id)
        .join(Wave, Wave.id == Invitation.wave_id)
        .outerjoin(Amendment, Amendment.wave_id == Wave.id)
        .where(Invitation.link == bindparam("link"))
        .order_by(Amendment.number)
    )


EVERYTHING = Ready(_everything())
HELD = Ready(select(*STANDING).where(Wave.id == bindparam("wave")).with_for_update(read=True))


def enter(links: Links, token: str, *, at: datetime) -> Booth:
    """What the token opens. Raises NotFound for any token that opens nothing, KeyMissing, TermsChanged."""
    identity = personal.identity(links, token)
    rows = EVERYTHING.rows({"link": identity})
    if not rows or not personal.is_genuine(links, token, rows[0].link_version):
        raise NotFound
    found, terms = rows[0], _terms(rows)
    asked, standing = Asked._make(found[:3]), Standing._make(found[3:9])
    return Booth(
        slot=Slot(standing.id, found.public_key, terms.sheet_length, terms.text_length),
        invitation=asked,
        terms=terms,
        state=_state(standing, asked, links.keys, at),
        language=found.language,
        keys=links.keys,
    )


def _terms(rows: Sequence[Any]) -> Terms:
    links = tuple((row.number, row.document, row.sha256) for row in rows if row.number is not None)
    return chain.followed(rows[0].terms, rows[0].terms_sha256, links)


def _state(wave: Standing, asked: Asked, keys: KeyDirectory, at: datetime) -> str:
    if wave.state == "lost":
        return "called off" if wave.trouble == CALLED_OFF else "lost"
    if wave.state != "open" or at >= wave.closes_at:
        return "closed"
    if _is_in_trouble(wave, keys):
        return "unsafe"
    return "spent" if asked.spent else "open"


def record(booth: Booth) -> Invitation:
    """The invitation's own record, to change it."""
    return db.session.get_one(Invitation, booth.invitation.id)


def engagement(booth: Booth) -> Engagement:
    """Whose people are asked."""
    return db.session.get_one(Wave, booth.slot.wave_id).engagement


def hold_open(booth: Booth, *, at: datetime) -> Slot:
    """The wave's slot, its row locked against closing until the transaction ends.

    Raises WaveClosed, and KeyMissing where what was put in could not be counted.
    """
    wave = Standing._make(*HELD.rows({"wave": booth.slot.wave_id}))
    if wave.state != "open" or at >= wave.closes_at:
        raise WaveClosed
    if _is_in_trouble(wave, booth.keys):
        raise KeyMissing
    return booth.slot


def _is_in_trouble(wave: Standing, keys: KeyDirectory) -> bool:
    found = keeping.trouble(wave, keys)
    if found is not None:
        log.critical("wave %s takes no answers: %s", wave.id, found)
    return found is not None
