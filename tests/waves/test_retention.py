"""Engagements leave the list, then the tables, and nobody is surprised."""

from datetime import timedelta

import pytest
from cast import MONDAY, Stage, stage
from flask import Flask
from sqlalchemy import Select, func, select
from village import Village, everything

from survey_service import journal
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement, Stakeholder
from survey_service.foundation.db import Base, db, transaction
from survey_service.outbox.delivery import Withdrawn
from survey_service.outbox.models import Dispatch
from survey_service.scheduler import letters
from survey_service.waves import close, erasing, handover, retention
from survey_service.waves.models import Wave
from survey_service.workspaces.models import Workspace

YEAR = timedelta(days=366)


def closed(app: Flask) -> Stage:
    """A survey that is over, its report the seller's; nobody answered, which changes nothing here."""
    there = stage(app, groups={"Sales": 8})
    there.launch()
    close.close_due(there.here.keys, at=there.wave.closes_at)
    with transaction():
        handover.release_to_seller(there.wave, who="sponsor", at=there.wave.closes_at)
    return there


def kinds() -> list[str]:
    return list(db.session.scalars(select(Dispatch.kind).order_by(Dispatch.id)))


def events() -> list[str]:
    return list(db.session.scalars(select(journal.Entry.event).order_by(journal.Entry.id)))


def test_it_is_archived_announced_and_erased_in_time(app_on_each_database: Flask) -> None:
    with app_on_each_database.app_context():
        there = closed(app_on_each_database)
        keys, end = there.here.keys, there.wave.closes_at
        assert retention.retain_due(keys, at=end + YEAR - timedelta(days=3)) == 0
        assert there.engagement.archived_at is None
        retention.retain_due(keys, at=end + YEAR)
        assert there.engagement.archived_at == end + YEAR
        before = retention.months_later(end, 36) - retention.NOTICE
        retention.retain_due(keys, at=before)
        assert there.engagement.erases_at == retention.months_later(end, 36)
        assert kinds()[-2:] == ["seller-erasure", "sponsor-erasure"]
        assert retention.retain_due(keys, at=before + timedelta(days=29)) == 0
        assert kinds().count("seller-erasure") == 1
        keys.put(close.review_key(there.wave.key), b"left over")
        wave_key = there.wave.key
        assert retention.retain_due(keys, at=before + retention.NOTICE) == 1
        assert not keys.holds(close.review_key(wave_key))
        assert events()[-1] == "engagement erased"
        for table in (
            "engagement",
            "wave",
            "release",
            "stakeholder",
            "sponsor",
            "invitation",
            "roster_group",
        ):
            assert db.session.scalar(select(func.count()).select_from(Base.metadata.tables[table])) == 0, (
                table
            )
        left = {row.kind for row in db.session.scalars(select(Dispatch))}
        assert left <= {"confirm-address"}


def test_the_sponsor_keeps_it_for_another_year(village: Village) -> None:
    """The report belongs to the buyer: one button, and the letters on their way say nothing any more."""
    sam, address = village.client("sam"), f"/s/{village.at.sponsor['closed']}/"
    with village.app.app_context():
        engagement = _closed(village)
        at = retention.months_later(db.session.scalars(_waves(engagement)).one().closes_at, 36)
        retention.retain_due(village.app.extensions["installation"].keys, at=at)
        assert engagement.erases_at is not None
        due = engagement.erases_at
    assert "It will be erased on" in sam.get(address).text
    assert "It will be erased on" in village.client("vi").get(f"/desk/engagements/{village.at.closed}").text
    assert sam.post(f"{address}keep-longer").status_code == 302
    assert "Kept at your wish until" in sam.get(address).text
    with village.app.app_context():
        here = village.app.extensions["installation"]
        retention.retain_due(here.keys, at=due)
        assert _closed(village).erases_at is None
        letter = db.session.scalars(select(Dispatch).where(Dispatch.kind == "sponsor-erasure")).one()
        with pytest.raises(Withdrawn):
            letters.renderer(here, at=due)(letter)
        again = retention.months_later(due, 12) - retention.NOTICE
        retention.retain_due(here.keys, at=again)
        assert _closed(village).erases_at == again + retention.NOTICE


def _closed(village: Village) -> Engagement:
    return db.session.scalars(select(Engagement).where(Engagement.key == village.at.closed)).one()


def _waves(engagement: Engagement) -> Select[Wave]:
    return select(Wave).where(Wave.engagement_id == engagement.id)


def test_nothing_is_kept_longer_that_nobody_wants_to_erase(village: Village) -> None:
    before = everything(village.app)
    answer = village.client("sam").post(f"/s/{village.at.sponsor['closed']}/keep-longer")
    assert answer.status_code == 409
    assert everything(village.app) == before


def test_an_open_survey_is_never_erased(app: Flask) -> None:
    with app.app_context():
        there = stage(app, groups={"Sales": 8})
        there.launch()
        assert retention.plan(there.engagement) is None
        with pytest.raises(RuntimeError, match="open"):
            erasing.keys_of([there.engagement.id], there.here.keys)
        assert there.here.keys.holds(f"wave-{there.wave.key}.key")


def test_what_was_never_launched_counts_from_the_last_thing_done(app: Flask) -> None:
    """Rosters of forgotten drafts hold people too; their sponsor was never promised a report."""
    with app.app_context():
        there = stage(app, groups={"Sales": 8})
        planned = retention.plan(there.engagement)
        assert planned is not None
        assert planned.erase_at == retention.months_later(MONDAY, 36)
        retention.retain_due(there.here.keys, at=planned.erase_at)
        assert kinds() == ["seller-erasure"]
        assert sponsors.of(there.engagement) is not None
        retention.retain_due(there.here.keys, at=planned.erase_at + retention.NOTICE)
        assert db.session.scalars(select(Stakeholder)).all() == []


def test_a_longer_time_chosen_after_the_letter_counts(app: Flask) -> None:
    with app.app_context():
        there = closed(app)
        at = retention.months_later(there.wave.closes_at, 36)
        retention.retain_due(there.here.keys, at=at)
        with transaction():
            db.session.get_one(Workspace, there.scope.workspace_id).erases_after = 60
        assert retention.retain_due(there.here.keys, at=at + retention.NOTICE) == 0
        assert there.engagement.erases_at is None


def test_the_last_of_january_becomes_the_last_of_february() -> None:
    assert retention.months_later(MONDAY.replace(month=1, day=31), 13).day == 29 - 1


def test_an_archived_engagement_is_found_and_not_in_the_way(village: Village) -> None:
    with village.app.app_context(), transaction():
        _closed(village).archived_at = MONDAY
    vi = village.client("vi")
    assert village.at.closed not in vi.get("/desk/").text
    assert "1 archived engagement" in vi.get("/desk/").text
    assert village.at.closed in vi.get("/desk/?state=archived").text
    assert village.at.closed in vi.get("/desk/?find=nordlicht").text
