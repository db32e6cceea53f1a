"""Waves that cannot be counted: noticed, said loudly, after a day given up, so that all may begin anew."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select, update

from survey_service import journal
from survey_service.answers import box
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.key_directory import KeyDirectory
from survey_service.invitations.models import Invitation
from survey_service.outbox import letters
from survey_service.waves import forgetting, keeping
from survey_service.waves.models import Wave
from survey_service.workspaces import members

log = logging.getLogger(__name__)

#: How long an alarm may stand before the wave is given up: time to put a key back, or the right tables.
PATIENCE = timedelta(hours=24)
UNDECIDED = ("open", "closing")


class NothingToLose(Refusal):
    """No wave is open."""

    sentence = _l("No survey of this engagement is open; nothing can be declared lost.")


def watch_due(keys: KeyDirectory, *, at: datetime) -> int:
    """Hold every open wave against its keys; how many are in trouble. Owns its transactions."""
    chosen = select(Wave.id).where(Wave.state.in_(UNDECIDED))
    return sum(_watch(wave_id, keys, at) for wave_id in list(db.session.scalars(chosen)))


def lose(engagement: Engagement, *, who: str, at: datetime) -> Wave:
    """The operator's word that the open wave is lost. Raises NothingToLose."""
    chosen = select(Wave).where(Wave.engagement_id == engagement.id, Wave.state.in_(UNDECIDED))
    wave = db.session.scalar(chosen)
    if wave is None or not _declare(wave, wave.trouble or "declared", who, at):
        raise NothingToLose
    return wave


def after_restoring(*, at: datetime) -> tuple[str, ...]:
    """Stop every wave that was open when the backup was made; the keys of their engagements.

    The backup holds none of its answers: the watch gives it up after a day, or the operator at once.
    """
    waves = db.session.scalars(select(Wave).where(Wave.state.in_(UNDECIDED)).order_by(Wave.id)).all()
    for wave in waves:
        _alarm(wave, keeping.BACKUP_RESTORED, at)
    return tuple(wave.engagement.key for wave in waves)


def _watch(wave_id: int, keys: KeyDirectory, at: datetime) -> bool:
    with transaction():
        held = select(Wave).where(Wave.id == wave_id, Wave.state.in_(UNDECIDED)).with_for_update()
        wave = db.session.scalar(held.execution_options(populate_existing=True))
        if wave is None:
            return False
        found = keeping.examine(wave, keys)
        if found is None:
            _all_clear(wave, at)
            keeping.turn_mark(wave, keys, at=at)
        else:
            _alarm(wave, found, at)
    if found is None:
        keeping.settle_mark(wave, keys)
    return found is not None


def _alarm(wave: Wave, found: str, at: datetime) -> None:
    log.critical("wave %s takes no answers and cannot be closed: %s", wave.id, found)
    if wave.trouble != found:
        wave.trouble = found
        wave.trouble_since = wave.trouble_since or at
        _note(wave, "answers stopped", "clock", at, found)
    elif wave.trouble_since is not None and at - wave.trouble_since >= PATIENCE:
        _declare(wave, found, "clock", at)


def _all_clear(wave: Wave, at: datetime) -> None:
    if wave.trouble:
        _note(wave, "answers resumed", "clock", at, wave.trouble)
        wave.trouble = wave.trouble_since = None


def _declare(wave: Wave, reason: str, who: str, at: datetime) -> bool:
    """Give the wave up: the boxes go unopened, everyone is told. False where somebody was first."""
    claim = update(Wave).where(Wave.id == wave.id, Wave.state.in_(UNDECIDED)).values(state="lost")
    if db.session.connection().execute(claim).rowcount != 1:
        return False
    db.session.refresh(wave)
    log.critical("wave %s is lost: %s", wave.id, reason)
    box.empty(wave.id)
    forgetting.who_answered(wave.id)
    _note(wave, "wave lost", who, at, reason)
    for to_address, to_name, language, facts in _everyone(wave):
        letters.write(
            "wave-lost",
            to_address=to_address,
            to_name=to_name,
            language=language,
            facts={"wave_id": wave.id, **facts},
            due_at=at,
            workspace_id=wave.engagement.workspace_id,
        )
    return True


def _everyone(wave: Wave) -> Iterator[tuple[str, str, str, dict[str, int]]]:
    """Address, name, language and the record whose link the letter shows."""
    engagement = wave.engagement
    asked = select(Invitation).where(Invitation.wave_id == wave.id).order_by(Invitation.id)
    for invitation in db.session.scalars(asked).all():
        person = invitation.stakeholder
        if person.email is not None:
            yield person.email, person.name, person.language, {"invitation_id": invitation.id}
    sponsor = sponsors.of(engagement)
    if sponsor is not None:
        yield sponsor.email, sponsor.name, engagement.language, {"sponsor_id": sponsor.id}
    for owner in members.owners(engagement.workspace_id):
        yield owner.email, owner.name, owner.language, {"account_id": owner.id}


def _note(wave: Wave, event: str, who: str, at: datetime, reason: str) -> None:
    engagement = wave.engagement
    journal.note(
        event,
        who=who,
        at=at,
        workspace_id=engagement.workspace_id,
        engagement_id=engagement.id,
        facts={"wave": wave.number, "reason": reason},
    )
