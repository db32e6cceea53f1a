"""The doctor: what is wrong, and what to do, one sentence each."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import post
import pytest
from cast import stage
from flask import Flask

from survey_service.cli import checkup
from survey_service.foundation import clock, upgrade
from survey_service.foundation.installation import Installation, installation
from survey_service.scheduler import turns
from survey_service.waves import close, leftovers


def told(app: Flask, code: int = 1) -> dict[str, str]:
    """What is not in order, and the advice."""
    done = app.test_cli_runner().invoke(args=["survey", "doctor", "--json"])
    assert done.exit_code == code, done.output
    read = json.loads(done.stdout)
    assert read["well"] is (code == 0)
    return {one["name"]: one["says"] for one in read["checks"] if one["state"] != "OK"}


def set_to(app: Flask, **values: object) -> None:
    here = app.extensions["installation"]
    app.extensions["installation"] = replace(here, settings=replace(here.settings, **values))


def test_a_healthy_installation_is_well_on_each_database(app_on_each_database: Flask) -> None:
    with app_on_each_database.app_context():
        assert turns.take("remind", timedelta(minutes=5), at=clock.now())
        turns.end("remind", at=clock.now(), went_well=True)
    assert set(told(app_on_each_database, code=0)) <= {"chromium", "redis", "poppler", "pango", "postgresql"}


def test_a_clock_that_stopped_or_failed_is_told_from_one_that_never_ran(app: Flask) -> None:
    assert "never run" in told(app, code=0)["clock"]
    then = clock.now() - timedelta(hours=1)
    with app.app_context():
        turns.take("remind", timedelta(minutes=5), at=then)
    assert "late: remind. Start: flask survey scheduler run" in told(app)["clock"]
    with app.app_context():
        turns.take("remind", timedelta(minutes=5), at=clock.now())
        turns.end("remind", at=clock.now(), went_well=False)
    assert "failed: remind" in told(app)["clock"]


def test_letters_that_do_not_leave_are_told(app: Flask) -> None:
    with app.app_context():
        stage(app, at=clock.now() - timedelta(hours=2)).launch()
    assert "flask survey letters" in told(app)["letters"]


def test_keys_that_are_gone_or_open_to_others_are_told(app: Flask) -> None:
    keys = app.extensions["installation"].keys.path
    keys.chmod(0o755)
    assert told(app)["keys"].endswith(f"chmod 700 {keys}")
    shutil.rmtree(keys)
    assert "no link key" in told(app)["keys"]


def test_keys_that_outlived_their_surveys_are_told(app: Flask) -> None:
    """A restored backup knows no later survey; an older key directory brings back one that was closed."""
    with app.app_context():
        play = stage(app, at=clock.now(), closes_at=clock.now() + timedelta(days=11))
        play.launch()
        keys, name = play.here.keys, f"wave-{play.wave.key}.key"
        secret = keys.read(name)
        assert leftovers.found(keys) == []
        close.close_due(keys, at=play.wave.closes_at)
        keys.write(name, secret)
        keys.write("wave-restored2.mark", b"")
    said = told(app, code=0)["keys left over"]
    assert "holds 2 of surveys that are over" in said
    assert name in said


def test_a_mail_server_that_is_away_is_told_and_one_that_answers_is_well(app: Flask) -> None:
    set_to(app, smtp_url="smtp://127.0.0.1:9")
    assert "takes no letters" in told(app)["mail"]
    with post.sink() as sink:
        set_to(app, smtp_url=f"smtp://127.0.0.1:{sink.port}")
        assert "mail" not in told(app, code=0)


def test_a_full_disk_another_redis_and_uncounted_proxies_are_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: SimpleNamespace(free=7_000_000))
    set_to(app, limits_url="redis://127.0.0.1:9", base_url="https://localhost")
    found = told(app)
    assert "only 7 MB" in found["disk"]
    assert "does not answer" in found["limits"]
    assert "SURVEY_TRUSTED_PROXIES" in found["proxies"]


def test_tables_of_another_version_and_a_database_that_is_away_are_told(app: Flask) -> None:
    with app.app_context():
        upgrade.move_to("0010")
        assert "flask survey migrate" in _wrong(app)["tables"]
    set_to(app, data_dir=installation_of(app).settings.data_dir / "gone")
    assert "is not there" in told(app)["disk"]


def installation_of(app: Flask) -> Installation:
    with app.app_context():
        return installation()


def _wrong(app: Flask) -> dict[str, str]:
    found = checkup.examine(installation(), at=clock.now())
    return {one.name: one.says for one in found if one.state == checkup.WRONG}
