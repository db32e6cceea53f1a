"""Attacks on what was built last: each sentence is something a seller, a thief or a stranger tries."""

import gzip
import io
import time
import zipfile
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cast import MONDAY, Stage, stage
from flask import Flask
from sqlalchemy import select, text, update
from village import Village

from survey_service.answers.intake import Ballot
from survey_service.backups import making
from survey_service.engagements.roster_check import Person
from survey_service.engagements.roster_csv import read_roster, roster_to_csv
from survey_service.foundation.clock import now
from survey_service.foundation.db import db, transaction
from survey_service.instrument import limits, toml_text
from survey_service.invitations.models import Invitation
from survey_service.outbox import paces
from survey_service.outbox.models import Dispatch, MinuteCount
from survey_service.outbox.paces import Pace
from survey_service.reports import belongings
from survey_service.scheduler import reminding
from survey_service.waves import close, launch, persons
from survey_service.workspaces.models import Workspace

BOMBS = {
    "brackets": "a = " + "[" * 150_000,
    "braces": "a = " + "{a=" * 50_000,
    "digits": "a = " + "9" * 6_000,
    "a key of many parts": "a" + ".a" * 90_000 + " = 1",
    "a key of quoted parts": "a" + " . 'a b'" * 10_000 + " = 1",
}
HOSTS = ("eve@localhost", "localhost:80@eve.example", "localhost#@eve.example", "localhost/x", "localhost?x")


def launched(app: Flask) -> Stage:
    """A survey whose invitations have left."""
    play = stage(app)
    play.launch()
    with transaction():
        db.session.execute(update(Dispatch).values(state="sent"))
    return play


def remind_everyone(play: Stage) -> None:
    """The third working morning, with letters counted against a pace as in production."""
    morning = MONDAY + timedelta(days=3)
    with transaction():
        db.session.execute(update(Invitation).values(remind_at=morning))
    reminding.remind_due(at=morning)
    with transaction():
        found = db.session.scalars(select(Dispatch).where(Dispatch.kind == "reminder")).all()
        assert found
        paces.admit(found, Pace(per_host=600), at=morning)


def test_a_backup_made_while_reminders_leave_does_not_count_them(app: Flask) -> None:
    """A consultant with a mail host of their own: one letter a minute to it is one who has not answered."""
    with app.app_context():
        play = launched(app)
        remind_everyone(play)
        file = BytesIO()
        making.to_stream(file, at=MONDAY)
        assert db.session.scalars(select(MinuteCount)).all()
        assert b"host nordlicht.example" not in gzip.decompress(file.getvalue())


def test_after_close_no_page_of_a_table_holds_how_many_were_reminded(app_on_each_database: Flask) -> None:
    with app_on_each_database.app_context():
        play = launched(app_on_each_database)
        for invitation in play.invitations()[:9]:
            play.answer(invitation, Ballot({"Q01": 4}, (), ("", "")))
        remind_everyone(play)
        over = MONDAY + timedelta(days=12)
        with transaction():
            paces.forget(at=over)
        close.close_due(play.here.keys, at=over)
        if db.engine.dialect.name == "postgresql":
            assert db.session.scalar(text("SELECT pg_relation_size('minute_count')")) == 0
        else:
            assert b"host nordlicht.example" not in Path(str(db.engine.url.database)).read_bytes()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_postgresql_samples_for_its_plans_does_not_tell_who_was_reminded(
    app_on_each_database: Flask,
) -> None:
    """Autovacuum samples columns: the commonest addresses of letters were those of whoever had not answered.

    They went on lying in the pages of its catalogue after the close.
    """
    sampled = text("SELECT tablename, attname FROM pg_stats WHERE schemaname = 'public'")
    with app_on_each_database.app_context():
        remind_everyone(launched(app_on_each_database))
        with transaction():
            db.session.execute(text("ANALYZE"))
        found = {(table, column) for table, column in db.session.execute(sampled)}
        assert ("dispatch", "state") in found
        for table, columns in {
            "dispatch": ("kind", "to_address", "to_name", "language", "facts"),
            "invitation": ("spent", "remind_at", "reminders_sent"),
            "minute_count": ("name", "taken"),
            "sheet_box": ("id", "ciphertext"),
            "text_box": ("id", "ciphertext"),
        }.items():
            assert not found & {(table, column) for column in columns}


def pieces(play: Stage) -> Mapping[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(belongings.packed(play.scope, at=MONDAY))))
    return {name: archive.read(name) for name in archive.namelist()}


def test_neither_the_zip_nor_a_persons_data_differ_by_who_has_answered(app: Flask) -> None:
    """Half answer, the others are reminded: what Ines may take along stays the same to the byte."""
    with app.app_context():
        play = launched(app)
        asked = play.invitations()
        people = [one.stakeholder.email or "" for one in asked]
        before = pieces(play), [persons.held(one, workspace_id=play.scope.workspace_id) for one in people]
        for invitation in asked[:9]:
            play.answer(invitation, Ballot({"Q01": 4}, ("K01",), ("a text", "")))
        remind_everyone(play)
        assert before == (
            pieces(play),
            [persons.held(one, workspace_id=play.scope.workspace_id) for one in people],
        )


def test_a_name_is_no_formula_in_a_spreadsheet_that_parts_cells_at_semicolons() -> None:
    eve = Person('Eve;=HYPERLINK("http://eve.example")', "eve@far.example", "Sales", "en", None)
    written = roster_to_csv([eve])
    line = written.decode("utf-8-sig").splitlines()[1]
    assert line.startswith('"Eve;=')  # quoted, so that the semicolon parts nothing
    assert read_roster(written).rows[0].cells[0] == eve.name


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_file_made_to_keep_a_parser_busy_is_turned_away_at_once(bomb: str) -> None:
    began = time.process_time()
    with pytest.raises(toml_text.Unread) as refusal:
        toml_text.read(BOMBS[bomb])
    assert refusal.value.code == "toml"
    assert time.process_time() - began < 2


def test_a_file_of_thousands_of_questions_is_turned_away_at_once() -> None:
    questions = "{id='a',step=1,domain='x'}," * 6_000
    rest = "concerns=[]\nopen_questions=[]\nsections=[]\n[words.en]\ntitle='t'"
    began = time.process_time()
    toml_text.read(f"questions=[{questions}]\n{rest}")
    found = limits.structure(toml_text.as_typed(f"questions=[{questions}]\n{rest}"))
    assert [one.code for one in found] == ["many questions"]
    assert time.process_time() - began < 2


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_with_more_than_a_name_is_answered_to_by_nobody(app: Flask, host: str) -> None:
    assert app.test_client().get("/sign-in", headers={"Host": host}).status_code == 400


def test_numbers_and_names_no_table_could_hold_are_404_and_no_fault(village: Village) -> None:
    ines, many = village.client("ines"), 10**20
    for method, address in (
        ("get", f"/desk/members/{many}"),
        ("post", f"/desk/account/sessions/{many}/end"),
        ("get", f"/desk/engagements/{village.at.prepared}/roster/{many}"),
        ("get", "/desk/engagements/%00"),
        ("post", f"/desk/engagements/{village.at.closed}/shares/%00/revoke"),
    ):
        assert ines.open(address, method=method.upper()).status_code == 404, address
    for query in (f"page={many}", "find=%00ada", f"page=-{many}"):
        assert ines.get(f"/desk/engagements/{village.at.prepared}/roster?{query}").status_code == 200, query


def test_a_title_from_a_file_holds_nothing_a_table_could_not(village: Village) -> None:
    text_ = village.client("ines").get(f"/desk/instruments/{village.at.links['own']}/1.toml").text
    sent = {"text": text_, "title": "Ours\x00\u202e"}
    answer = village.client("ines").post("/desk/instruments/import", data=sent)
    assert answer.status_code == 302, answer.text


def test_a_workspace_asked_to_be_deleted_at_the_same_moment_launches_nothing(
    app_on_each_database: Flask,
) -> None:
    """The workspace was read before the other browser's word was committed."""
    with app_on_each_database.app_context():
        play = stage(app_on_each_database)
        read_before = db.session.get_one(Workspace, play.scope.workspace_id)
        assert read_before.deletes_at is None
        if db.engine.dialect.name == "sqlite":
            db.session.commit()  # it writes one after the other
        with db.engine.begin() as another:
            another.execute(update(Workspace).values(deletes_at=now() + timedelta(days=14)))
        with pytest.raises(launch.WorkspaceLeaves):
            launch.launch(play.scope, play.engagement, installation=play.here, at=play.at)
        db.session.rollback()
