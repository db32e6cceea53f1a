"""The journal says who did what, in lines that are explained; it goes with what it tells of."""

from datetime import timedelta

import pytest
from cast import MONDAY, stage, workspace
from flask import Flask
from sqlalchemy import delete, func, select

from survey_service import journal
from survey_service.engagements.models import Engagement
from survey_service.foundation import i18n
from survey_service.foundation.db import db, transaction
from survey_service.workspaces.models import Workspace


def test_an_event_nobody_has_explained_is_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(ValueError, match="not an event"), transaction():
        journal.note("answered", who="Pat", at=MONDAY, workspace_id=None)


def test_lines_of_an_engagement_come_newest_first_and_without_its_neighbours(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        play.launch()
        stage(app, scope=play.scope)
        events = [line.event for line in journal.of_engagement(play.engagement.id)]
        assert events[0] == "launched"
        assert events[-1] == "engagement opened"
        assert "roster changed" in events


def test_a_line_keeps_who_when_and_facts(app_on_each_database: Flask) -> None:
    with app_on_each_database.app_context():
        play = stage(app_on_each_database)
        later = MONDAY + timedelta(hours=3)
        with transaction():
            journal.note(
                "report shared",
                who="Ines",
                at=later,
                workspace_id=play.scope.workspace_id,
                engagement_id=play.engagement.id,
                facts={"label": "Vorstand – Übersicht"},
            )
        line = journal.of_engagement(play.engagement.id)[0]
        assert (line.who, line.at, line.facts) == ("Ines", later, {"label": "Vorstand – Übersicht"})


def test_lines_go_with_their_workspace(app_on_each_database: Flask) -> None:
    with app_on_each_database.app_context():
        scope = workspace()
        kept = stage(app_on_each_database, scope=workspace("Elsewhere", "carl@else.example"))
        with transaction():
            db.session.execute(delete(Workspace).where(Workspace.id == scope.workspace_id))
        left = set(db.session.scalars(select(journal.Entry.workspace_id)))
        assert left == {kept.scope.workspace_id}
        with transaction():
            db.session.execute(delete(Engagement))
        assert db.session.scalar(select(func.count(journal.Entry.engagement_id))) == 0


def test_every_event_reads_as_words_in_each_language(app: Flask) -> None:
    with app.test_request_context():
        for code in i18n.LANGUAGES:
            with i18n.speaking(code):
                said = [str(words) for words in journal.EVENTS.values()]
            assert all(said)
            assert len(set(said)) == len(said)
