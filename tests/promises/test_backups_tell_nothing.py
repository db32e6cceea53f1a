"""A backup tells nothing about who answered, or when; nor do two of them together."""

import gzip
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from cast import MONDAY, stage
from flask import Flask
from sqlalchemy import select

from survey_service.answers.intake import Ballot
from survey_service.answers.models import SheetBox, TextBox
from survey_service.backups import leaving, making
from survey_service.foundation.db import Base, db
from survey_service.scheduler import timetable


def backup() -> bytes:
    file = BytesIO()
    making.to_stream(file, at=MONDAY)
    db.session.rollback()
    return file.getvalue()


def test_two_backups_around_deposits_are_the_same_to_the_byte(app_on_each_database: Flask) -> None:
    """With reminders in between, that go to those alone who have not answered."""
    app = app_on_each_database
    with app.app_context():
        play = stage(app)
        play.launch()
        before = backup()
        for invitation in play.invitations()[:9]:
            play.answer(invitation, Ballot({"Q01": 4}, ("K01",), ("MARKER", "")))
        assert backup() == before
        timetable.tick(play.here, at=MONDAY + timedelta(days=3))
        boxes = [one for box in (SheetBox, TextBox) for one in db.session.scalars(select(box.ciphertext))]
        assert len(boxes) == 18
        held = gzip.decompress(backup())
        assert b'"reminder"' not in held
        assert _asked(held) == _asked(gzip.decompress(before))


def _asked(lines: bytes) -> list[bytes]:
    return [line for line in lines.splitlines() if line.startswith(b'["invitation"')]


def test_no_key_is_in_a_backup(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        play.launch()
        held = gzip.decompress(backup())
        keys = [path.read_bytes() for path in Path(play.here.keys.path).iterdir()]
        assert len(keys) >= 3
        for key in keys:
            for form in (key, key.hex().encode(), key[:16]):
                assert form not in held


def test_what_is_left_out_is_still_there_to_be_left_out() -> None:
    tables = Base.metadata.tables
    assert set(leaving.TABLES) <= set(tables)
    for table, column in leaving.COLUMNS:
        assert column in tables[table].columns
