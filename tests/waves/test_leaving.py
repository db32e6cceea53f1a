"""A workspace goes, and everything of it; nobody is surprised, and nobody else is touched."""

from datetime import timedelta
from pathlib import Path

import post
import pytest
from cast import CLOSES, MONDAY, Stage, stage, workspace
from flask import Flask
from sqlalchemy import func, select

from survey_service.answers.intake import Ballot
from survey_service.foundation.db import Base, db, transaction
from survey_service.outbox.delivery import Withdrawn
from survey_service.outbox.models import Dispatch
from survey_service.scheduler import letters
from survey_service.scheduler.timetable import tick
from survey_service.waves import close, launch, leaving
from survey_service.workspaces.models import Account, Workspace

MARK = "Nordlicht Energie"
ASKED_AT = CLOSES + timedelta(days=1)


def rows() -> dict[str, int]:
    counted = {name: select(func.count()).select_from(table) for name, table in Base.metadata.tables.items()}
    return {name: db.session.scalar(statement) or 0 for name, statement in counted.items()}


def busy(app: Flask) -> tuple[Stage, Stage, Stage]:
    """Ines has a closed survey with texts unread and an open one; Carl has one of his own."""
    scope = workspace()
    done = stage(app, groups={"Sales": 8}, scope=scope)
    done.launch()
    for invitation in done.invitations()[:6]:
        done.answer(invitation, Ballot(answers={}, concerns=(), texts=("Time.", "Night shifts.")))
    close.close_due(done.here.keys, at=CLOSES)
    later = CLOSES + timedelta(days=30)
    running = stage(app, groups={"Plant": 8}, scope=scope, at=CLOSES, closes_at=later, domain="werk.example")
    running.launch()
    running.answer(running.invitations()[0], Ballot(answers={}, concerns=(), texts=("", "")))
    theirs = stage(
        app,
        groups={"Sales": 8},
        scope=workspace("Elsewhere", "carl@else.example"),
        at=CLOSES,
        closes_at=later,
        domain="anders.example",
    )
    theirs.launch()
    return done, running, theirs


def kinds(since: int = 0) -> list[str]:
    return list(db.session.scalars(select(Dispatch.kind).where(Dispatch.id > since).order_by(Dispatch.id)))


def test_asking_calls_open_surveys_off_and_tells_everyone(app: Flask) -> None:
    with app.app_context():
        done, running, theirs = busy(app)
        before = db.session.scalar(select(func.max(Dispatch.id))) or 0
        with transaction():
            leaving.ask(done.scope, " hanse  SYSTEMS ", at=ASKED_AT)
        assert running.wave.state == "lost"
        assert theirs.wave.state == "open"
        written = kinds(before)
        assert written.count("wave-cancelled") == 8
        assert {"sponsor-cancelled", "workspace-leaving", "sponsor-leaving"} <= set(written)
        assert [type(one) for one in launch.obstacles(running.engagement, at=ASKED_AT)] == [
            launch.WorkspaceLeaves
        ]
        with transaction():
            leaving.ask(done.scope, "Hanse Systems", at=ASKED_AT + timedelta(days=3))
        assert db.session.get_one(Workspace, done.scope.workspace_id).deletes_at == ASKED_AT + leaving.GRACE


def test_the_name_is_typed_or_nothing_happens(app: Flask) -> None:
    with app.app_context():
        scope = workspace()
        with pytest.raises(leaving.NameDiffers), transaction():
            leaving.ask(scope, "Hanse", at=MONDAY)
        assert db.session.get_one(Workspace, scope.workspace_id).deletes_at is None


def test_called_back_it_stays_and_letters_on_their_way_are_withdrawn(app: Flask) -> None:
    with app.app_context():
        there = stage(app, groups={"Sales": 8})
        with transaction():
            leaving.ask(there.scope, "Hanse Systems", at=MONDAY)
        with transaction():
            leaving.call_back(there.scope, at=MONDAY)
        letter = db.session.scalars(select(Dispatch).where(Dispatch.kind == "workspace-leaving")).one()
        with pytest.raises(Withdrawn):
            letters.renderer(there.here, at=MONDAY)(letter)
        assert leaving.delete_due(there.here.keys, at=MONDAY + timedelta(days=99)) == 0
        assert there.engagement.buyer == MARK


def test_called_back_whoever_was_told_is_told_that_it_stays(app: Flask) -> None:
    """Ines's letter has left, the sponsor's of the open survey has not: that one is withdrawn, unanswered."""
    with app.app_context():
        done, _running, _theirs = busy(app)
        with transaction():
            leaving.ask(done.scope, "Hanse Systems", at=ASKED_AT)
            told = db.session.scalars(select(Dispatch).where(Dispatch.kind.in_(leaving.STAYS))).all()
            assert sorted(one.kind for one in told) == ["sponsor-leaving", "workspace-leaving"]
            told[0].state = "sent"
        before, kind = db.session.scalar(select(func.max(Dispatch.id))) or 0, leaving.STAYS[told[0].kind]
        with transaction():
            leaving.call_back(done.scope, at=ASKED_AT)
            leaving.call_back(done.scope, at=ASKED_AT)
        assert kinds(before) == [kind]
        letter = db.session.scalars(select(Dispatch).where(Dispatch.kind == kind)).one()
        assert "stays" in post.read(letters.renderer(done.here, at=ASKED_AT)(letter))["Subject"]
        with transaction():
            leaving.ask(done.scope, "Hanse Systems", at=ASKED_AT)
        with pytest.raises(Withdrawn):
            letters.renderer(done.here, at=ASKED_AT)(letter)


def test_after_a_fortnight_nothing_of_it_is_left(app_on_each_database: Flask) -> None:
    """Rows, letters, keys, pages of the file; of Carl's nothing is missing."""
    app = app_on_each_database
    with app.app_context():
        done, running, theirs = busy(app)
        here, mine = done.here, {done.wave.key, running.wave.key}
        with transaction():
            leaving.ask(done.scope, "Hanse Systems", at=ASKED_AT)
        close.close_due(here.keys, at=ASKED_AT)
        assert here.keys.holds(close.review_key(done.wave.key))
        assert leaving.delete_due(here.keys, at=ASKED_AT + leaving.GRACE - timedelta(minutes=1)) == 0
        assert tick(here, at=ASKED_AT + leaving.GRACE) == []
        assert [one.name for one in db.session.scalars(select(Workspace))] == ["Elsewhere"]
        assert [one.email for one in db.session.scalars(select(Account))] == ["carl@else.example"]
        left = rows()
        assert (left["engagement"], left["wave"], left["stakeholder"], left["held_text"]) == (1, 1, 8, 0)
        assert left["sheet_box"] == left["text_box"] == left["release"] == 0
        waiting = db.session.scalars(select(Dispatch).where(Dispatch.to_address.not_like("%anders.example")))
        assert [one.kind for one in waiting if one.workspace_id is None] == ["workspace-gone"]
        names = [file.name for file in here.keys.path.iterdir()]
        assert not [name for name in names if any(key in name for key in mine)]
        assert here.keys.holds(f"wave-{theirs.wave.key}.key")
        if here.settings.on_sqlite:
            file = Path(str(db.engine.url.database)).read_bytes()
            assert b"werk.example" not in file
            assert b"anders.example" in file


def test_a_turn_cut_short_is_finished_by_the_next(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys are gone and the server stops: the rows still say what is to be done."""
    with app.app_context():
        done, _running, _theirs = busy(app)
        with transaction():
            leaving.ask(done.scope, "Hanse Systems", at=ASKED_AT)
        monkeypatch.setattr(leaving, "_say_goodbye", _stop)
        with pytest.raises(KeyboardInterrupt):
            leaving.delete_due(done.here.keys, at=ASKED_AT + leaving.GRACE)
        monkeypatch.undo()
        db.session.rollback()
        assert rows()["workspace"] == 2
        assert tick(done.here, at=ASKED_AT + leaving.GRACE) == []
        assert rows()["workspace"] == 1


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
