"""Answers stay apart from people: nothing stored joins the two, before close or after."""

import random
from datetime import timedelta
from pathlib import Path

import pytest
from cast import GROUPS, stage
from flask import Flask
from sqlalchemy import ForeignKey, Table, select, text
from sqlalchemy.types import Date, DateTime

from survey_service.answers.intake import Ballot
from survey_service.answers.models import HeldText, SheetBox, TextBox
from survey_service.foundation.db import Base, db
from survey_service.foundation.installation import installation
from survey_service.invitations.models import Invitation
from survey_service.outbox.models import Dispatch
from survey_service.scheduler import timetable

BOXES = (SheetBox, TextBox, HeldText)
PEOPLE = {"stakeholder", "invitation", "sponsor", "account", "member", "dispatch"}


def reachable(table: Table) -> set[str]:
    """Every table a row of this one leads to by foreign keys."""
    seen: set[str] = set()
    waiting = [table]
    while waiting:
        for column in waiting.pop().columns:
            for key in column.foreign_keys:
                target = _target(key)
                if target.name not in seen:
                    seen.add(target.name)
                    waiting.append(target)
    return seen


def _target(key: ForeignKey) -> Table:
    table = key.column.table
    assert isinstance(table, Table)
    return table


@pytest.mark.parametrize("box", BOXES)
def test_no_box_leads_to_a_person(box: type[Base]) -> None:
    table = box.__table__
    assert isinstance(table, Table)
    assert reachable(table) & PEOPLE == set()


@pytest.mark.parametrize("box", BOXES)
def test_no_box_keeps_a_time_or_anything_but_id_wave_and_ciphertext(box: type[Base]) -> None:
    columns = {column.name: column.type for column in box.__table__.columns}
    assert set(columns) == {"id", "wave_id", "ciphertext"}
    assert not any(isinstance(kind, Date | DateTime) for kind in columns.values())


def marked(number: int) -> Ballot:
    """A ballot that would be known again anywhere in clear."""
    return Ballot(
        answers={"Q01": 1 + number % 5, "Q02": "dk", "Q15": 5},
        concerns=("K01", "K18"),
        texts=(f"MARKER-{number:03d}-FIRST", f"MARKER-{number:03d}-SECOND ünï 🚲"),
    )


def files(app: Flask) -> dict[str, bytes]:
    """Every byte the installation keeps, keys aside."""
    root = app.extensions["installation"].settings.data_dir
    keys = app.extensions["installation"].settings.key_dir
    kept = (path for path in Path(root).rglob("*") if path.is_file() and keys not in path.parents)
    return {str(path): path.read_bytes() for path in kept}


def dump() -> str:
    """Every row of every table, as text."""
    rows = []
    for table in Base.metadata.sorted_tables:
        rows += [f"{table.name} {tuple(row)!r}" for row in db.session.execute(table.select())]
    return "\n".join(rows)


def test_no_marker_lies_in_clear_while_the_wave_is_open(app_on_each_database: Flask) -> None:
    app = app_on_each_database
    with app.app_context():
        play = stage(app)
        play.launch()
        order = play.invitations()
        random.Random(1).shuffle(order)
        for number, invitation in enumerate(order[:12]):
            play.answer(invitation, marked(number))
            assert "MARKER" not in dump()
            assert [name for name, content in files(app).items() if b"MARKER" in content] == []


def test_all_boxes_of_a_wave_have_one_length(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        play.launch()
        longest = Ballot(
            answers={f"Q{number:02d}": "dk" for number in range(1, 25)},
            concerns=tuple(f"K{number:02d}" for number in range(1, 19)),
            texts=("🚲" * 400, '"\\\n' * 133),
        )
        for invitation, ballot in zip(play.invitations(), (longest, marked(1), Ballot({}, ())), strict=False):
            play.answer(invitation, ballot)
        for box in (SheetBox, TextBox):
            assert len({len(one) for one in db.session.scalars(select(box.ciphertext))}) == 1


def test_after_close_nothing_says_who_answered_or_what(app_on_each_database: Flask) -> None:
    app = app_on_each_database
    with app.app_context():
        play = stage(app)
        wave = play.launch()
        closes_at = wave.closes_at
        key_file = play.here.keys.path / f"wave-{wave.key}.key"
        assert key_file.is_file()
        ciphertexts = []
        for number, invitation in enumerate(play.invitations()[::2]):
            play.answer(invitation, marked(number))
        ciphertexts += list(db.session.scalars(select(SheetBox.ciphertext)))
        timetable.tick(installation(), at=play.at + timedelta(days=8))
        assert timetable.tick(installation(), at=closes_at + timedelta(minutes=1)) == []

        db.session.expire_all()
        assert play.wave.state == "released"
        assert play.wave.key_destroyed_at is not None
        assert not key_file.exists()
        for box in (SheetBox, TextBox):
            assert db.session.scalars(select(box)).first() is None
        known = {
            (one.spent, one.remind_at, one.reminders_sent) for one in db.session.scalars(select(Invitation))
        }
        assert known == {(False, None, 0)}
        assert list(db.session.scalars(select(Dispatch).where(Dispatch.wave_id.is_not(None)))) == []
        db.session.commit()
        for content in files(app).values():
            assert not any(one[32:64] in content for one in ciphertexts)


def test_deleted_rows_are_overwritten_on_sqlite(app: Flask) -> None:
    with app.app_context():
        assert db.session.scalar(text("PRAGMA secure_delete")) == 1
        assert db.session.scalar(text("PRAGMA journal_mode")) == "wal"


def test_the_groups_of_the_cast_exercise_every_kind_of_part() -> None:
    assert max(GROUPS.values()) >= 7
    assert min(GROUPS.values()) < 5
