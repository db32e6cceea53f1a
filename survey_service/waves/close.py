"""Close: count once, write the release, destroy sheets and key. A crash is resumed by the next tick."""

import json
import logging
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update

from survey_service import journal
from survey_service.aggregator import readiness
from survey_service.answers import release as boxes
from survey_service.answers import review
from survey_service.answers.release import Opened
from survey_service.foundation.db import db, transaction
from survey_service.foundation.key_directory import KeyDirectory, KeyMissing
from survey_service.foundation.vacuum import vacuum
from survey_service.instrument import catalog
from survey_service.invitations.models import Invitation
from survey_service.outbox.models import Dispatch
from survey_service.waves import chain, telling
from survey_service.waves.launch import wave_key
from survey_service.waves.models import Proposal, Release, Wave
from survey_service.waves.terms import Terms

log = logging.getLogger(__name__)

SELLER_WAITS = timedelta(days=7)


def due(at: datetime) -> list[int]:
    """Waves whose closing time has come, or whose closing was cut short."""
    late = select(Wave.id).where(Wave.state.in_(("open", "closing")), Wave.closes_at <= at)
    return list(db.session.scalars(late))


def close(wave_id: int, keys: KeyDirectory, *, at: datetime) -> None:
    """From 'open' to 'released', in two transactions of its own. Raises KeyMissing."""
    with transaction():
        stop = update(Wave).where(Wave.id == wave_id, Wave.state == "open").values(state="closing")
        db.session.execute(stop)
    wave = db.session.get_one(Wave, wave_id)
    terms = chain.current(wave)
    instrument = catalog.instrument(terms.instrument)
    opened = boxes.open_boxes(keys, wave_key(wave.key), wave_id, terms.publication, instrument)
    with transaction():
        claim = update(Wave).where(Wave.id == wave_id, Wave.state == "closing").values(state="released")
        if db.session.connection().execute(claim).rowcount == 1:
            _write(wave, terms, opened, keys, at)


def unfinished() -> list[int]:
    """Waves whose release is committed and whose key is not yet destroyed."""
    left = select(Wave.id).where(Wave.state == "released", Wave.key_destroyed_at.is_(None))
    return list(db.session.scalars(left))


def finish(wave_ids: list[int], keys: KeyDirectory, *, at: datetime) -> None:
    """Clean the pages the boxes lay on, then destroy the keys; owns its transactions."""
    if not wave_ids:
        return
    vacuum(("sheet_box", "text_box", "invitation", "dispatch"))
    for wave_id in wave_ids:
        with transaction():
            wave = db.session.get_one(Wave, wave_id)
            keys.destroy(wave_key(wave.key))
            wave.key_destroyed_at = at
            _note(wave, "key destroyed", at, {"wave": wave.number})


def close_due(keys: KeyDirectory, *, at: datetime) -> int:
    """Close what is due and finish what was begun; how many were closed. A missing key is a loud log."""
    closed = 0
    for wave_id in due(at):
        try:
            close(wave_id, keys, at=at)
            closed += 1
        except KeyMissing:
            db.session.rollback()
            log.critical("wave %s cannot be closed: its key is missing from the key directory", wave_id)
    finish(unfinished(), keys, at=at)
    return closed


def _write(wave: Wave, terms: Terms, opened: Opened, keys: KeyDirectory, at: datetime) -> None:
    """The release in, everything else out; one transaction, the caller's."""
    document = _document(terms, opened, at)
    is_free = terms.sponsor is None
    db.session.add(
        Release(
            wave_id=wave.id,
            document=json.dumps(document, ensure_ascii=False),
            released_at=at,
            seller_from=at if is_free else at + SELLER_WAITS,
            seller_since=at if is_free else None,
        )
    )
    review.hold(keys, review_key(wave.key), wave.id, opened.texts)
    boxes.destroy_boxes(wave.id)
    _forget_who_answered(wave.id)
    _note(wave, "closed", at, {"wave": wave.number})
    if is_free:
        telling.sellers("seller-report", wave.engagement, at=at)
    telling.the_sponsor("sponsor-report", wave.engagement, at=at)
    if opened.left_out:
        _note(wave, "box left out", at, {"count": opened.left_out})


def review_key(key: str) -> str:
    """The file of the key that opens texts waiting for the sponsor."""
    return f"review-{key}.key"


def _document(terms: Terms, opened: Opened, at: datetime) -> dict[str, Any]:
    """One entry of the report's waves: what the cells say, and everything read from them."""
    head = {
        "wave": terms.wave,
        "instrument": terms.instrument,
        "terms": terms.sha256,
        "k": terms.k,
        "closed_on": terms.closes_at.astimezone(ZoneInfo(terms.time_zone)).date().isoformat(),
    }
    published = {**head, **opened.findings.document()}
    if published.get("too_few"):
        return published
    return {
        **published,
        **readiness.reading(published, catalog.instrument(terms.instrument)),
        "appendix": None,
    }


def _forget_who_answered(wave_id: int) -> None:
    """Nothing left on an invitation may say whether its link was used: not the flag, not the reminders."""
    db.session.execute(
        update(Invitation)
        .where(Invitation.wave_id == wave_id)
        .values(spent=False, remind_at=None, reminders_sent=0)
    )
    db.session.execute(delete(Dispatch).where(Dispatch.wave_id == wave_id))
    db.session.execute(delete(Proposal).where(Proposal.wave_id == wave_id))


def _note(wave: Wave, event: str, at: datetime, facts: dict[str, Any]) -> None:
    engagement = wave.engagement
    journal.note(
        event,
        who="clock",
        at=at,
        workspace_id=engagement.workspace_id,
        engagement_id=engagement.id,
        facts=facts,
    )
