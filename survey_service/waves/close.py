"""Close: count once, write the release, destroy sheets and key. A crash is resumed by the next tick."""

import json
import logging
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from survey_service import journal
from survey_service.aggregator import readiness
from survey_service.answers import box, review
from survey_service.answers import release as boxes
from survey_service.answers.keys import KeyDoesNotFit
from survey_service.answers.release import Opened
from survey_service.foundation.db import db, transaction
from survey_service.foundation.key_directory import KeyDirectory, KeyMissing
from survey_service.foundation.vacuum import vacuum
from survey_service.instrument.definition import plain
from survey_service.waves import asking, chain, forgetting, keeping, movement, telling
from survey_service.waves.models import Release, Wave
from survey_service.waves.terms import Terms

log = logging.getLogger(__name__)

SELLER_WAITS = timedelta(days=7)


def due(at: datetime) -> list[int]:
    """Waves whose closing time has come, or whose closing was cut short."""
    late = select(Wave.id).where(Wave.state.in_(("open", "closing")), Wave.closes_at <= at)
    return list(db.session.scalars(late))


def close(wave_id: int, keys: KeyDirectory, *, at: datetime) -> None:
    """From 'open' to 'released', in two transactions of its own. Raises KeyMissing, KeyDoesNotFit."""
    with transaction():
        stop = update(Wave).where(Wave.id == wave_id, Wave.state == "open").values(state="closing")
        db.session.execute(stop)
    wave = db.session.get_one(Wave, wave_id)
    trouble = keeping.examine(wave, keys)
    if trouble not in (None, keeping.NOTHING_OPENS):
        raise KeyMissing(why=trouble)
    terms = chain.current(wave)
    opened = _open(wave, terms, keys)
    with transaction():
        claim = update(Wave).where(Wave.id == wave_id, Wave.state == "closing").values(state="released")
        if db.session.connection().execute(claim).rowcount == 1:
            _write(wave, terms, opened, keys, at)


def _open(wave: Wave, terms: Terms, keys: KeyDirectory) -> Opened:
    name, instrument = keeping.wave_key(wave.key), asking.asked(terms).instrument
    try:
        return boxes.open_boxes(keys, name, wave.public_key, wave.id, terms.publication, instrument)
    except KeyDoesNotFit as fault:
        raise KeyMissing(why=keeping.NOTHING_OPENS) from fault
    except KeyMissing as fault:  # it was there a moment ago: another clock may have closed and destroyed it
        raise KeyMissing(why=keeping.KEY_MISSING) from fault


def unfinished() -> list[int]:
    """Waves that are over and whose key is not yet destroyed."""
    is_over = Wave.state.in_(("released", "lost"))
    return list(db.session.scalars(select(Wave.id).where(is_over, Wave.key_destroyed_at.is_(None))))


def finish(wave_ids: list[int], keys: KeyDirectory, *, at: datetime) -> None:
    """Clean the pages the boxes lay on, then destroy the keys; owns its transactions."""
    if not wave_ids or not vacuum((*box.TABLES, *forgetting.TABLES)):
        return
    for wave_id in wave_ids:
        with transaction():
            claim = update(Wave).where(Wave.id == wave_id, Wave.key_destroyed_at.is_(None))
            if db.session.connection().execute(claim.values(key_destroyed_at=at)).rowcount == 1:
                wave = db.session.get_one(Wave, wave_id)
                keeping.destroy(wave.key, keys)
                _note(wave, "key destroyed", at, {"wave": wave.number})


def close_due(keys: KeyDirectory, *, at: datetime) -> int:
    """Close what is due and finish what was begun; how many were closed. A key in trouble is a loud log."""
    closed = 0
    for wave_id in due(at):
        try:
            close(wave_id, keys, at=at)
            closed += 1
        except KeyMissing as fault:
            db.session.rollback()
            _raise_alarm(wave_id, str(fault.facts["why"]), at)
    finish(unfinished(), keys, at=at)
    return closed


def _raise_alarm(wave_id: int, why: str, at: datetime) -> None:
    """Said now, and kept for the watch, which gives the wave up when nobody puts it right (lost.py)."""
    with transaction():
        wave = db.session.get_one(Wave, wave_id, populate_existing=True)
        if wave.state != "closing":
            return  # another clock has closed it meanwhile, and destroyed the key
        log.critical("wave %s cannot be closed: %s", wave_id, why)
        if why == keeping.NOTHING_OPENS:
            wave.trouble, wave.trouble_since = why, wave.trouble_since or at


def _write(wave: Wave, terms: Terms, opened: Opened, keys: KeyDirectory, at: datetime) -> None:
    """The release in, everything else out; one transaction, the caller's."""
    document = _document(wave, terms, opened)
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
    box.empty(wave.id)
    forgetting.who_answered(wave.id)
    _note(wave, "closed", at, {"wave": wave.number})
    if is_free:
        telling.sellers("seller-report", wave.engagement, at=at)
    telling.the_sponsor("sponsor-report", wave.engagement, at=at)
    telling.the_sponsor("sponsor-texts", wave.engagement, at=at + telling.TEXTS_AFTER)
    if opened.left_out or opened.texts_left_out:
        _note(wave, "box left out", at, {"sheets": opened.left_out, "texts": opened.texts_left_out})


def review_key(key: str) -> str:
    """The file of the key that opens texts waiting for the sponsor."""
    return f"review-{key}.key"


def _document(wave: Wave, terms: Terms, opened: Opened) -> dict[str, Any]:
    """One entry of the report's waves: what the cells say, and everything read from them."""
    head = {
        "wave": terms.wave,
        "instrument": terms.instrument,
        "terms": terms.sha256,
        "k": terms.k,
        "closed_on": terms.closes_at.astimezone(ZoneInfo(terms.time_zone)).date().isoformat(),
    }
    published = {**head, **_own(terms), **opened.findings.document()}
    if published.get("too_few"):
        return published
    read = {**published, **readiness.reading(published, asking.asked(terms).instrument)}
    return {**read, **movement.since_the_wave_before(wave, read), "appendix": None}


def _own(terms: Terms) -> dict[str, Any]:
    """An instrument of the workspace's own travels with the report, its main language first."""
    if terms.instrument_sha256 is None:
        return {}
    asked = plain(asking.asked(terms))
    words = {language: asked["words"][language] for language in asking.asked(terms).languages}
    first = {terms.language: words[terms.language]} if terms.language in words else {}
    return {"asked": {**asked, "words": {**first, **words}}}


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
