"""Announcing: one more link of a running wave's chain of terms, and a letter about it to everyone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from survey_service import journal
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.invitations import contact
from survey_service.invitations.models import Invitation
from survey_service.waves import chain, telling
from survey_service.waves.chain import Change
from survey_service.waves.models import Amendment, Wave
from survey_service.waves.terms import sha256_of


class NotOpen(Refusal):
    """Terms can be amended only while answers are taken."""

    sentence = _l("The terms can be amended only while the survey is open.")


def hold_open(engagement: Engagement, at: datetime) -> Wave:
    """The engagement's open wave, its row locked until the transaction ends."""
    held = select(Wave).where(Wave.engagement_id == engagement.id, Wave.state == "open").with_for_update()
    wave = db.session.scalar(held.execution_options(populate_existing=True))
    if wave is None or at >= wave.closes_at:
        raise NotOpen
    return wave


def add(wave: Wave, kind: str, at: datetime, who: str, facts: Mapping[str, Any]) -> Amendment:
    """One more link of the chain, noted in the journal."""
    terms = chain.current(wave)
    change = Change(
        number=len(terms.links),
        previous=terms.sha256,
        announced_at=at.replace(microsecond=0),
        kind=kind,
        **facts,
    )
    now_stands = chain.amended(terms, change.text, sha256_of(change.text))
    made = Amendment(
        wave_id=wave.id,
        number=change.number,
        kind=kind,
        document=change.text,
        sha256=now_stands.sha256,
        closes_at=change.closes_at,
    )
    db.session.add(made)
    db.session.flush()
    note(wave, "terms amended", who, at, {"kind": kind, "number": change.number, "terms": made.sha256})
    return made


def tell_everyone(wave: Wave, made: Amendment, at: datetime) -> None:
    """A letter to everyone invited so far who has an address and wants letters, used link or not, and to
    the sponsor; on paper they are told by printing again."""
    invited = select(Invitation).where(Invitation.wave_id == wave.id).order_by(Invitation.id)
    asked = db.session.scalars(invited).all()
    workspace_id = wave.engagement.workspace_id
    reached = contact.reached(workspace_id, [invitation.stakeholder for invitation in asked])
    for invitation in asked:
        person = invitation.stakeholder
        if person.id not in reached:
            continue
        telling.of_amendment(
            wave,
            made,
            to_address=reached[person.id],
            to_name=person.name,
            language=person.language,
            facts={"invitation_id": invitation.id},
            at=at,
        )
    sponsor = sponsors.of(wave.engagement)
    if sponsor is not None:
        telling.of_amendment(
            wave,
            made,
            to_address=sponsor.email,
            to_name=sponsor.name,
            facts={"sponsor_id": sponsor.id},
            at=at,
        )


def note(wave: Wave, event: str, who: str, at: datetime, facts: Mapping[str, Any]) -> None:
    """A line of the journal about the wave."""
    engagement = wave.engagement
    journal.note(
        event,
        who=who,
        at=at,
        workspace_id=engagement.workspace_id,
        engagement_id=engagement.id,
        facts={"wave": wave.number, **facts},
    )
