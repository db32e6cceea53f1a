"""From the sponsor to the seller, by word or after seven days; and the texts the sponsor has read."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update

from survey_service import journal
from survey_service.answers import review
from survey_service.answers.review import Text
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.key_directory import KeyDirectory
from survey_service.waves import telling
from survey_service.waves.close import review_key
from survey_service.waves.models import Appendix, Release, Wave
from survey_service.waves.terms import TEXT_RETENTION_DAYS


class NothingToRelease(Refusal):
    """No report waits for the sponsor's word."""

    sentence = _l("There is no report waiting to be released.")


def release_of(wave: Wave) -> Release | None:
    """What the wave left behind; None before close."""
    return db.session.scalar(select(Release).where(Release.wave_id == wave.id))


def release_to_seller(wave: Wave, *, who: str, at: datetime) -> None:
    """Let the seller read the report; once more changes nothing. Raises NothingToRelease before close."""
    release = release_of(wave)
    if release is None:
        raise NothingToRelease
    _hand_over(release, who=who, at=at)


def hand_over_due(*, at: datetime) -> int:
    """Reports whose seven days have passed become the seller's; how many."""
    waiting = select(Release).where(Release.seller_since.is_(None), Release.seller_from <= at)
    releases = list(db.session.scalars(waiting))
    for release in releases:
        _hand_over(release, who="clock", at=at)
    return len(releases)


def texts_to_review(wave: Wave, keys: KeyDirectory) -> list[Text]:
    """The texts the sponsor has yet to read. Raises KeyMissing."""
    return review.held(keys, review_key(wave.key), wave.id)


def has_texts_to_review(wave: Wave) -> bool:
    """Whether the sponsor has texts to read."""
    return review.is_waiting(wave.id)


def publish_texts(wave: Wave, keys: KeyDirectory, *, hidden: Collection[str], at: datetime) -> int:
    """Write the appendix of the texts not hidden, in random order, forget the rest; how many.

    The release's row is held, so that of two browsers at the same moment one finds nothing left to do.
    """
    db.session.execute(select(Release.id).where(Release.wave_id == wave.id).with_for_update())
    texts = texts_to_review(wave, keys)
    if not texts:
        return 0
    shown = [text for text in texts if text.id not in hidden]
    by_question: dict[str, list[str]] = {}
    for text in shown:
        by_question.setdefault(text.question, []).append(text.text)
    document = {"texts": by_question, "hidden": len(texts) - len(shown)}
    db.session.add(Appendix(wave_id=wave.id, document=json.dumps(document, ensure_ascii=False)))
    db.session.flush()
    review.forget(wave.id)
    _note(wave, "texts reviewed", "sponsor", at)
    return len(shown)


def forget_unread(*, at: datetime) -> int:
    """Delete texts nobody reviewed within 30 days; of how many waves."""
    old = select(Release).where(Release.released_at <= at - timedelta(days=TEXT_RETENTION_DAYS))
    waves = [release.wave for release in db.session.scalars(old) if review.is_waiting(release.wave_id)]
    for wave in waves:
        review.forget(wave.id)
    return len(waves)


def destroy_read_keys(keys: KeyDirectory) -> int:
    """Destroy the keys of texts that wait no more, once that is committed; how many. Reads only."""
    unused = []
    for wave in db.session.scalars(select(Wave).where(Wave.state == "released")):
        if keys.holds(review_key(wave.key)) and not review.is_waiting(wave.id):
            unused.append(review_key(wave.key))
    db.session.commit()
    for name in unused:
        keys.destroy(name)
    return len(unused)


def _hand_over(release: Release, *, who: str, at: datetime) -> None:
    claim = (
        update(Release)
        .where(Release.id == release.id, Release.seller_since.is_(None))
        .values(seller_since=at)
    )
    if db.session.connection().execute(claim).rowcount != 1:
        return
    db.session.refresh(release)
    _note(release.wave, "report released", who, at)
    telling.sellers("seller-report", release.wave.engagement, at=at)


def _note(wave: Wave, event: str, who: str, at: datetime) -> None:
    engagement = wave.engagement
    journal.note(
        event,
        who=who,
        at=at,
        workspace_id=engagement.workspace_id,
        engagement_id=engagement.id,
        facts={"wave": wave.number},
    )
