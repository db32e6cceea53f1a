"""Keys that are gone or wrong, a backup restored in mid-wave: noticed, said loudly, never counted."""

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import post
import pytest
from cast import CLOSES, MONDAY, Stage, stage
from conftest import _app, _closed
from flask import Flask
from rig import restoring
from sqlalchemy import select, text

from survey_service.answers import box, intake, receipts
from survey_service.answers.intake import Ballot
from survey_service.engagements import desk
from survey_service.foundation.db import db, transaction
from survey_service.foundation.key_directory import KeyMissing
from survey_service.invitations import links as personal
from survey_service.invitations.models import Invitation
from survey_service.journal import Entry
from survey_service.outbox.models import Dispatch
from survey_service.scheduler import letters, timetable
from survey_service.waves import booth, close, keeping, lost
from survey_service.waves import launch as launching
from survey_service.waves.models import Release

YES = Ballot(answers={"Q01": 5}, concerns=("K01",), texts=("Time.", ""))
Damage = Callable[[Path, str], object]


def answered(app: Flask, count: int = 8) -> Stage:
    play = stage(app)
    play.launch()
    for invitation in play.invitations()[:count]:
        play.answer(invitation, YES)
    return play


def state(play: Stage) -> str:
    db.session.expire_all()
    return play.wave.state


def journal() -> list[str]:
    return list(db.session.scalars(select(Entry.event).order_by(Entry.id)))


def tick(play: Stage, at: timedelta) -> None:
    assert timetable.tick(play.here, at=MONDAY + at) == []


def remove(folder: Path, key: str) -> None:
    (folder / key).unlink()


def other_key(folder: Path, key: str) -> None:
    (folder / key).write_bytes(b"\x07" * 32)


def half_a_key(folder: Path, key: str) -> None:
    (folder / key).write_bytes((folder / key).read_bytes()[:9])


def a_directory(folder: Path, key: str) -> None:
    (folder / key).unlink()
    (folder / key).mkdir()


DAMAGES = [remove, other_key, half_a_key, a_directory]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_wave_whose_key_is_gone_or_wrong_takes_nothing_and_is_not_closed(
    app: Flask, damage: Damage, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        play = answered(app)
        damage(play.here.keys.path, f"wave-{play.wave.key}.key")
        tick(play, timedelta(hours=1))
        assert journal()[-1] == "answers stopped"
        with pytest.raises(KeyMissing):
            play.answer(play.invitations()[9], YES)
        assert box.count(play.wave.id) == 8
        assert not play.invitations()[9].spent
        assert close.close_due(play.here.keys, at=CLOSES) == 0
        assert db.session.scalars(select(Release)).first() is None
        assert box.count(play.wave.id) == 8
        assert [record for record in caplog.records if record.levelno == logging.CRITICAL]


@pytest.mark.parametrize("damage", [remove, a_directory])
def test_a_missing_key_stops_deposits_at_once_before_any_watch(app: Flask, damage: Damage) -> None:
    with app.app_context():
        play = answered(app, 1)
        damage(play.here.keys.path, f"wave-{play.wave.key}.key")
        with pytest.raises(KeyMissing):
            play.answer(play.invitations()[9], YES)
        assert not play.invitations()[9].spent


def test_a_key_that_comes_back_within_a_day_saves_the_wave(app: Flask) -> None:
    with app.app_context():
        play = answered(app)
        file = play.here.keys.path / f"wave-{play.wave.key}.key"
        elsewhere = file.rename(file.with_name("elsewhere"))
        tick(play, timedelta(hours=1))
        elsewhere.rename(file)
        tick(play, timedelta(hours=24))
        assert state(play) == "open"
        assert journal()[-1] == "answers resumed"
        play.answer(play.invitations()[9], YES)
        tick(play, CLOSES - MONDAY)
        assert state(play) == "released"


def test_after_a_day_the_wave_is_given_up_and_everyone_is_told(app_on_each_database: Flask) -> None:
    app = app_on_each_database
    with app.app_context():
        play = answered(app)
        shutil.rmtree(play.here.keys.path)
        tick(play, timedelta(hours=1))
        assert state(play) == "open"
        tick(play, timedelta(hours=25))
        assert state(play) == "lost"
        assert box.count(play.wave.id) == 0
        assert {(one.spent, one.remind_at, one.reminders_sent) for one in play.invitations()} == {
            (False, None, 0)
        }
        told = set(db.session.scalars(select(Dispatch.to_address).where(Dispatch.kind == "wave-lost")))
        everyone = {one.stakeholder.email for one in play.invitations()}
        assert told == everyone | {"sam@nordlicht.example", "ines@hanse.example"}
        assert journal()[-2:] == ["wave lost", "key destroyed"]


def test_the_letter_leaves_even_where_no_link_can_be_made(app: Flask) -> None:
    with app.app_context():
        play = answered(app)
        with transaction():
            lost.lose(play.engagement, who="operator", at=MONDAY)
        (play.here.keys.path / "link.key").unlink()
        chosen = select(Dispatch).where(Dispatch.kind == "wave-lost")
        for dispatch in db.session.scalars(chosen):
            letter = post.read(letters.renderer(play.here, at=MONDAY)(dispatch))
            body = letter.get_body(("plain",))
            assert body is not None
            assert "had to be stopped" in str(body.get_content())


def test_a_wave_given_up_may_be_changed_and_launched_anew(app: Flask) -> None:
    with app.app_context():
        play = answered(app)
        old = set(play.tokens().values())
        with transaction():
            lost.lose(play.engagement, who="operator", at=MONDAY)
        tick(play, timedelta(hours=1))
        with transaction():
            desk.change_engagement(
                play.scope,
                play.key,
                launched=launching.standing_wave(play.engagement) is not None,
                has_report=launching.has_report(play.engagement),
                at=MONDAY,
                closes_at=CLOSES + timedelta(days=7),
                sponsor_name="Sam Sponsor",
                sponsor_email="sam@nordlicht.example",
            )
        wave = play.launch()
        assert (wave.number, wave.state) == (2, "open")
        assert not old & set(play.tokens().values())
        for invitation in play.invitations()[:5]:
            play.answer(invitation, YES)
        tick(play, CLOSES - MONDAY + timedelta(days=7))
        assert state(play) == "released"


def test_a_wave_is_given_up_once_and_only_while_it_is_open(app: Flask) -> None:
    with app.app_context():
        play = answered(app)
        with transaction():
            lost.lose(play.engagement, who="operator", at=MONDAY)
        with pytest.raises(lost.NothingToLose), transaction():
            lost.lose(play.engagement, who="operator", at=MONDAY)


def test_the_operator_gives_a_wave_up_from_the_shell(app: Flask) -> None:
    with app.app_context():
        play = answered(app)
        key = play.key
    shell = app.test_cli_runner()
    assert shell.invoke(args=["survey", "lost", key], input="n\n").exit_code == 1
    with app.app_context():
        assert state(play) == "open"
    assert shell.invoke(args=["survey", "lost", key, "--yes"]).exit_code == 0
    assert shell.invoke(args=["survey", "lost", key, "--yes"]).exit_code == 1
    with app.app_context():
        assert state(play) == "lost"


# A backup restored in mid-wave: the tables go back, the key directory does not.


@pytest.fixture
def server(request: pytest.FixtureRequest, database_url: str) -> str | None:
    return None if database_url.startswith("sqlite") else str(request.getfixturevalue("postgresql"))


@contextmanager
def installation_on(address: str, app: Flask) -> Iterator[Flask]:
    made = _app(address, app.extensions["installation"].settings.data_dir)
    with made.app_context():
        yield made
    _closed(made)


def test_a_backup_restored_in_mid_wave_is_noticed_and_takes_no_answer(
    app_on_each_database: Flask, tmp_path: Path, server: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    app = app_on_each_database
    with app.app_context():
        play = answered(app, 3)
        tick(play, timedelta(hours=2))
    with restoring.backup(app, tmp_path, server) as old:
        with app.app_context():
            for invitation in play.invitations()[3:8]:
                play.answer(invitation, YES)
            tick(play, timedelta(hours=30))
            _closed(app)
        with installation_on(old, app) as restored:
            again = Stage(restored, play.scope, play.key, play.at)
            assert box.count(again.wave.id) == 3
            with pytest.raises(KeyMissing):
                again.answer(again.invitations()[5], YES)
            tick(again, timedelta(hours=31))
            assert journal()[-1] == "answers stopped"
            assert "backup restored" in caplog.text
            assert close.close_due(again.here.keys, at=CLOSES) == 0
            tick(again, timedelta(hours=56))
            assert state(again) == "lost"


def test_the_newest_tables_go_on_where_they_were(
    app_on_each_database: Flask, tmp_path: Path, server: str | None
) -> None:
    app = app_on_each_database
    with app.app_context():
        play = answered(app, 3)
        tick(play, timedelta(hours=2))
    with restoring.backup(app, tmp_path, server) as moved, installation_on(moved, app) as elsewhere:
        again = Stage(elsewhere, play.scope, play.key, play.at)
        again.answer(again.invitations()[5], YES)
        tick(again, timedelta(hours=30))
        assert again.wave.trouble is None


def test_an_older_key_directory_is_no_alarm(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        play = answered(app, 3)
        tick(play, timedelta(hours=2))
        shutil.copytree(play.here.keys.path, tmp_path / "copy")
        tick(play, timedelta(hours=9))
        shutil.copytree(tmp_path / "copy", play.here.keys.path, dirs_exist_ok=True)
        play.answer(play.invitations()[5], YES)
        tick(play, timedelta(hours=30))
        assert state(play) == "open"
        assert play.wave.trouble is None


def test_a_turn_cut_short_at_any_point_raises_no_alarm(app: Flask) -> None:
    with app.app_context():
        play = answered(app, 1)
        keys = play.here.keys
        at = MONDAY + timedelta(hours=3)
        keeping.turn_mark(play.wave, keys, at=at)  # written here; then the process dies
        db.session.rollback()
        assert keeping.trouble(play.wave, keys) is None
        with transaction():
            keeping.turn_mark(play.wave, keys, at=at)  # committed there; then it dies
        assert keeping.trouble(play.wave, keys) is None
        lost.watch_due(keys, at=at)
        mark = keys.read(f"wave-{play.wave.key}.mark").decode()
        assert mark == play.wave.mark


def test_marks_turn_by_the_clock_whether_anyone_answers_or_not(app: Flask) -> None:
    with app.app_context():
        play = answered(app, 0)
        seen = []
        for minutes in range(0, 300, 5):
            lost.watch_due(play.here.keys, at=MONDAY + timedelta(minutes=minutes))
            if minutes % 30 == 0:
                play.answer(play.invitations()[minutes // 30], YES, at=MONDAY + timedelta(minutes=minutes))
            seen.append(play.wave.mark)
        assert len(set(seen)) == 5


# Damaged boxes.


def flipped(table: str, how_many: int) -> None:
    """One bit of so many boxes, chosen by their ids."""
    with transaction():
        rows = db.session.execute(text(f"SELECT id, ciphertext FROM {table} ORDER BY id")).all()
        for identity, content in rows[:how_many]:
            assert isinstance(content, bytes)
            spoilt = bytearray(content)
            spoilt[len(spoilt) // 2] ^= 4
            db.session.execute(
                text(f"UPDATE {table} SET ciphertext = :new WHERE id = :id"),
                {"new": bytes(spoilt), "id": identity},
            )


def test_one_flipped_bit_costs_one_sheet_and_is_told(
    app_on_each_database: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app = app_on_each_database
    with app.app_context():
        play = answered(app, 10)
        flipped("sheet_box", 2)
        flipped("text_box", 1)
        tick(play, CLOSES - MONDAY)
        assert state(play) == "released"
        assert '"answered": 8' in db.session.scalars(select(Release.document)).one()
        noted = db.session.scalars(select(Entry).where(Entry.event == "box left out")).one()
        assert noted.facts == {"sheets": 2, "texts": 1}
        assert "2 sheets and 1 texts did not open" in caplog.text


def test_a_paper_no_form_of_this_wave_writes_is_left_out_and_told(app: Flask) -> None:
    with app.app_context():
        play = answered(app, 8)
        seat = booth.enter(play.here.links, personal.token(play.here.links, play.invitations()[9]), at=MONDAY)
        with transaction():
            slot = booth.hold_open(seat, at=MONDAY)
            stranger = Invitation(
                wave_id=slot.wave_id, stakeholder_id=1, group_name="Board", link="x", spent=True
            )
            answers = intake.seal(slot, stranger, YES)
            intake.replace(slot, stranger, answers, receipts.fresh_receipt())
            receipt = receipts.fresh_receipt()
            intake.deposit(slot, play.invitations()[9], answers, receipt)
            intake.replace(slot, stranger, answers, receipt)
        tick(play, CLOSES - MONDAY)
        assert '"answered": 8' in db.session.scalars(select(Release.document)).one()
        assert "box left out" in journal()


def test_where_no_sheet_opens_there_is_no_empty_report_but_an_alarm(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        play = answered(app, 8)
        flipped("sheet_box", 8)
        tick(play, CLOSES - MONDAY)
        assert state(play) == "closing"
        assert db.session.scalars(select(Release)).first() is None
        assert "no sheet opens" in caplog.text
        flipped("sheet_box", 8)  # the right tables are put back
        tick(play, CLOSES - MONDAY + timedelta(hours=1))
        assert state(play) == "released"
        assert '"answered": 8' in db.session.scalars(select(Release.document)).one()
