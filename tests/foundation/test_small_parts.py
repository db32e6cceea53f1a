"""The small parts of the foundation: premises, tokens, refusals, the doctor, cleaning, the clock."""

import stat
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from cast import MONDAY, stage
from flask import Flask
from sqlalchemy import delete, func, select, text

from survey_service.engagements import roster
from survey_service.engagements.models import Stakeholder
from survey_service.foundation import clock, doctor, i18n, tokens, vacuum
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import NotAllowed, NotFound, Refusal
from survey_service.foundation.premises import furnish
from survey_service.foundation.settings import Settings

PRODUCTION = {
    "SURVEY_SECRET": "s" * 40,
    "SURVEY_BASE_URL": "https://survey.example",
    "SURVEY_SMTP_URL": "smtp://127.0.0.1:25",
    "SURVEY_MAIL_FROM": "no-reply@survey.example",
    "SURVEY_OPERATOR": "Example Hosting",
}


def test_the_clock_says_its_zone() -> None:
    assert clock.now().tzinfo is UTC


def test_a_first_start_makes_a_secret_that_only_the_owner_reads_and_later_ones_keep_it(
    tmp_path: Path,
) -> None:
    environ = {"SURVEY_ENV": "development", "SURVEY_DATA_DIR": str(tmp_path / "data")}
    first = furnish(Settings.from_environ(environ))
    assert len(first.secret) > 40
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert furnish(Settings.from_environ(environ)).secret == first.secret
    (tmp_path / "data" / "keys" / "link.key").stat()


def test_in_production_nothing_is_made(tmp_path: Path) -> None:
    places = {"SURVEY_DATA_DIR": str(tmp_path / "data"), "SURVEY_KEY_DIR": str(tmp_path / "keys")}
    furnish(Settings.from_environ({**PRODUCTION, **places}))
    assert list(tmp_path.iterdir()) == []


def test_a_sealed_token_is_for_its_purpose_its_secret_and_its_time() -> None:
    hour, secret = timedelta(hours=1), "s" * 40
    token = tokens.sealed(secret, "reset", 7, at=MONDAY)
    assert tokens.number_in(token) == 7
    assert tokens.is_genuine(secret, "reset", token, at=MONDAY + hour, lasts=hour)
    assert not tokens.is_genuine(secret, "reset", token, at=MONDAY + 2 * hour, lasts=hour)
    assert not tokens.is_genuine(secret, "confirm", token, at=MONDAY, lasts=hour)
    assert not tokens.is_genuine("t" * 40, "reset", token, at=MONDAY, lasts=hour)
    for wrong in ("", "x", token[:-1], token + "A", "A" * 28, "ä" * 28):
        assert not tokens.is_genuine(secret, "reset", wrong, at=MONDAY, lasts=hour), wrong


def test_keys_in_addresses_have_no_letters_that_look_alike() -> None:
    made = {tokens.fresh_key() for _ in range(500)}
    assert len(made) == 500
    assert not set("l1o0") & set("".join(made))
    assert {len(one) for one in made} == {12}


def test_a_refusal_is_a_whole_sentence_in_the_readers_language(app: Flask) -> None:
    class TooFew(Refusal):
        """For this test."""

        sentence = "Only %(count)d of 5."

    with app.test_request_context():
        assert str(TooFew(count=4)) == "Only 4 of 5."
        english = [str(NotFound()), str(NotAllowed())]
        with i18n.speaking("de"):
            german = [str(NotFound()), str(NotAllowed())]
    assert all(one.endswith(".") for one in [*english, *german])
    assert not set(english) & set(german)


def test_the_doctor_names_what_is_missing_and_the_line_that_helps(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert doctor.main(["--has", "chromium"]) == 1
    assert doctor.main([]) == 0
    told = capsys.readouterr().out
    assert "missing  chromium: browser tests are skipped. Type: sudo apt-get install chromium" in told
    assert len(told.splitlines()) == len(doctor.TOOLS)


MARK = "Zerlina Quastenflosser"


@pytest.fixture
def forgotten(app_on_each_database: Flask) -> Iterator[Flask]:
    """Somebody stood on a roster and was deleted."""
    with app_on_each_database.app_context():
        made = stage(app_on_each_database)
        with transaction():
            person = roster.people(made.engagement)[0]
            person.name, number = MARK, person.id
        with transaction():
            db.session.execute(delete(Stakeholder).where(Stakeholder.id == number))
        yield app_on_each_database


def test_after_cleaning_no_file_holds_what_was_deleted(forgotten: Flask) -> None:
    vacuum.vacuum(["stakeholder"])
    for path in _files():
        assert MARK.encode() not in path.read_bytes(), path.name


def test_what_a_long_look_at_the_database_keeps_alive_is_cleaned_at_the_next_turn(
    forgotten: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dump that runs while a wave closes sees the old state; nothing counts as cleaned till it is over."""
    monkeypatch.setattr(vacuum, "READERS_MILLISECONDS", 200)
    monkeypatch.setattr(vacuum, "PATIENCE_SECONDS", 0.3)
    held = db.engine.connect()
    if held.dialect.name != "sqlite":
        held = held.execution_options(isolation_level="REPEATABLE READ")
    held.execute(text("SELECT count(*) FROM account"))
    with transaction():
        db.session.execute(
            delete(Stakeholder).where(Stakeholder.id == select(func.max(Stakeholder.id)).scalar_subquery())
        )
    assert vacuum.vacuum(["stakeholder"]) is False
    held.close()
    monkeypatch.undo()
    assert vacuum.vacuum(["stakeholder"]) is True


def test_a_cleaning_that_was_cut_short_is_made_up_for(forgotten: Flask, tmp_path: Path) -> None:
    mark = tmp_path / "owed"
    with pytest.raises(ZeroDivisionError):
        vacuum.vacuum_what_is_owed(["stakeholder"], lambda: 1 // 0, mark=mark)
    assert mark.exists()
    assert vacuum.vacuum_what_is_owed(["stakeholder"], lambda: 0, mark=mark) == 0
    assert not mark.exists()
    for path in _files():
        assert MARK.encode() not in path.read_bytes(), path.name


def _files() -> list[Path]:
    """Where the table lies: SQLite's file and its log; PostgreSQL's file, once it is written out."""
    if db.engine.dialect.name == "sqlite":
        file = Path(str(db.engine.url.database))
        return list(file.parent.glob(f"{file.name}*"))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        folder = Path(str(connection.scalar(text("SHOW data_directory"))))
        found = folder / str(connection.scalar(text("SELECT pg_relation_filepath('stakeholder')")))
    return [found]
