"""Somebody who can write backups, and neither the tables nor the key directory, forges one.

Its checksum fits: it guards against damage and not against people. What it may not do is open an answer, take
answers anew, or put a box's key in the place of another.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cast import Stage, stage
from flask import Flask
from sqlalchemy import select

from survey_service.answers import box
from survey_service.answers.intake import Ballot
from survey_service.backups import making, paper, restoring
from survey_service.foundation import clock
from survey_service.foundation.db import Base, db
from survey_service.invitations.models import Invitation
from survey_service.waves import lost

YES = Ballot(answers={"Q01": 5}, concerns=("K01",), texts=("Time.", ""))
FUTURE = "2099-01-01T00 0123456789abcdef"
Row = dict[str, Any]
Forge = Callable[[str, Row], None]


def running(app: Flask) -> Stage:
    play = stage(app, at=clock.now(), closes_at=clock.now() + timedelta(days=11))
    play.launch()
    for invitation in play.invitations()[:6]:
        play.answer(invitation, YES, at=clock.now())
    return play


def forged(file: Path, forge: Forge, *, more: tuple[tuple[str, list[Any]], ...]) -> None:
    head, rows = paper.read(file)
    columns = {
        **head.tables,
        **({"sheet_box": paper.columns_of(Base.metadata.tables["sheet_box"])} if more else {}),
    }
    changed = []
    for name, values in rows:
        row = dict(zip(head.tables[name], values, strict=True))
        forge(name, row)
        changed.append((name, list(row.values())))
    file.unlink()
    with file.open("wb") as target:
        paper.write(target, paper.Head(head.revision, head.made_at, columns), [*changed, *more])


def _later_mark(name: str, row: Row) -> None:
    if name == "wave":
        row["mark"] = FUTURE


def _other_key(name: str, row: Row) -> None:
    if name == "wave":
        row["mark"], row["public_key"] = FUTURE, bytes(range(32))


def _used_links(name: str, row: Row) -> None:
    if name == "invitation":
        row["spent"], row["reminders_sent"] = True, 2


def restored(app: Flask, file: Path, forge: Forge, *more: tuple[str, list[Any]]) -> Stage:
    """A survey with six answers, rolled back by the forged backup of that moment."""
    play = running(app)
    making.to_file(file, keys=play.here.keys.path, at=clock.now())
    forged(file, forge, more=more)
    restoring.from_file(file, replace=True, at=clock.now())
    return play


@pytest.mark.parametrize("forge", [_later_mark, _other_key])
def test_no_wave_goes_on_after_a_restore_whatever_the_backup_says_of_its_mark_and_key(
    app: Flask, tmp_path: Path, forge: Forge
) -> None:
    with app.app_context():
        play = restored(app, tmp_path / "b", forge)
        token = next(iter(play.tokens().values()))
        assert app.test_client().get(f"/a/{token}").status_code == 503
        assert lost.watch_due(play.here.keys, at=clock.now()) == 1
        assert app.test_client().get(f"/a/{token}").status_code == 503


def test_what_no_backup_holds_comes_in_by_none(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        play = restored(app, tmp_path / "b", _used_links, ("sheet_box", [b"x" * 32, 1, b"y"]))
        assert box.count(play.wave.id) == 0
        said = select(Invitation.spent, Invitation.reminders_sent).distinct()
        assert db.session.execute(said).all() == [(False, 0)]
