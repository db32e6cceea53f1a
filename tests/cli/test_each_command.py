"""Each command's usual way: what it prints for people, what for machines, and its exit status."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cast import PASSWORD, Stage, stage
from flask import Flask
from flask.testing import FlaskCliRunner
from village import Village

from survey_service.app import create_app
from survey_service.foundation import clock
from survey_service.foundation.settings import Settings
from survey_service.foundation.upgrade import upgrade
from survey_service.workspaces import sign_in


class Shell:
    """Commands typed into an app, in this process."""

    def __init__(self, app: Flask) -> None:
        self.runner: FlaskCliRunner = app.test_cli_runner()

    def says(self, *words: str, given: str | None = None) -> str:
        done = self.runner.invoke(args=["survey", *words], input=given)
        assert (done.exit_code, done.stderr) == (0, ""), done.output
        return str(done.stdout)

    def facts(self, *words: str, given: str | None = None) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.says(*words, "--json", given=given))
        return read

    def refused(self, *words: str, given: str | None = None, code: int = 1) -> str:
        done = self.runner.invoke(args=["survey", *words], input=given)
        assert (done.exit_code, done.stdout) == (code, ""), done.output
        return str(done.stderr)


@pytest.fixture
def shell(app: Flask) -> Shell:
    return Shell(app)


@pytest.fixture
def play(app: Flask) -> Stage:
    with app.app_context():
        return stage(app, at=clock.now(), closes_at=clock.now() + timedelta(days=11))


def test_a_workspace_is_made_with_a_password_from_standard_input(app: Flask, shell: Shell) -> None:
    made = shell.facts("workspace", "create", "Hanse", "--owner", "Ines@Hanse.example", given=f"{PASSWORD}\n")
    assert made.keys() == {"workspace", "name", "owner"}
    with app.app_context():
        account = sign_in.check("ines@hanse.example", PASSWORD)
        assert account is not None
        assert account.confirmed_at is not None
    told = shell.says("workspace", "create", "Other", "--owner", "bo@hanse.example", given=f"{PASSWORD}\n")
    assert re.fullmatch(r"Workspace Other is made; its key is \w{12}\.\n", told)


@pytest.mark.parametrize(
    ("address", "password", "reason"),
    [
        ("ines@hanse.example", "sh0rt", "10 characters"),
        ("ines@hanse.example", "", "10 characters"),
        ("ines@hanse.example", "password123", "among the first anyone would try"),
        ("not an address", PASSWORD, "address"),
    ],
)
def test_an_owner_who_could_not_sign_in_is_refused(
    shell: Shell, address: str, password: str, reason: str
) -> None:
    told = shell.refused("workspace", "create", "Hanse", "--owner", address, given=f"{password}\n")
    assert reason in told
    assert "Traceback" not in told
    if password:
        assert password not in told


def test_an_engagement_is_opened_and_its_key_alone_is_printed(shell: Shell, play: Stage) -> None:
    words = ("--buyer", "B", "--change", "Keep all orders in one list.", "--closes-at", "2099-01-01T10:00")
    workspace = ("engagement", "create", "--workspace", "Hanse Systems")
    assert re.fullmatch(r"\w{12}\n", shell.says(*workspace, *words))
    assert shell.facts(*workspace, *words).keys() == {"engagement", "buyer", "change"}


def test_a_roster_is_imported(shell: Shell, play: Stage, tmp_path: Path) -> None:
    file = tmp_path / "more.csv"
    file.write_text("name,email,group\nAda Bode,ada@nordlicht.example,Sales\n", encoding="utf-16")
    facts = shell.facts("roster", "import", play.key, str(file))
    assert facts["imported"] == 1
    assert facts["groups"]["Sales"] == 9
    assert "ada@nordlicht.example" in shell.refused("roster", "import", play.key, str(file))


def test_from_approval_to_the_report(app: Flask, shell: Shell, play: Stage, tmp_path: Path) -> None:
    key = play.key
    assert shell.facts("approve", key) == {"engagement": key, "approved": True}
    launched = shell.facts("launch", key)
    assert launched.keys() >= {"engagement", "wave", "terms", "closes_at"}
    assert re.fullmatch("[0-9a-f]{64}", launched["terms"])
    assert shell.facts("simulate", key, "--people", "12", "--seed", "3") == {
        "engagement": key,
        "answered": 12,
    }
    shell.says("terms", key)
    late = (clock.now() + timedelta(days=12)).isoformat()
    told = shell.facts("tick", "--at", late)
    assert (told["at"], told["failed"], told["closed"]) == (late, [], 1)
    assert shell.facts("release", key) == {"engagement": key, "released": True}
    for form in ("html", "json", "csv"):
        target = tmp_path / f"report.{form}"
        facts = shell.facts("report", key, "--format", form, "-o", str(target))
        assert facts == {"file": str(target), "bytes": target.stat().st_size}
    (wave,) = json.loads(shell.says("report", key))["waves"]
    assert (wave["stakeholders"], wave["answered"]) == (22, 12)


@pytest.mark.pdf
def test_the_report_as_pdf(village: Village, tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    Shell(village.app).says("report", village.at.closed, "--format", "pdf", "-o", str(target))
    assert target.read_bytes().startswith(b"%PDF-")


def test_tables_are_brought_up_to_date_once(shell: Shell) -> None:
    assert shell.facts("migrate") == {"changed": False}
    assert shell.says("migrate") == "Nothing to do.\n"


def test_the_doctor_tells_machines_and_people(shell: Shell) -> None:
    told = shell.facts("doctor")
    assert told["well"] is True
    assert {"database", "tables", "keys", "mail", "clock", "disk", "pango"} <= {
        one["name"] for one in told["checks"]
    }
    assert "OK       database" in shell.says("doctor")


@pytest.mark.slow
def test_the_demo_is_made_once(shell: Shell) -> None:
    assert shell.facts("demo") == {"made": True}
    assert shell.facts("demo") == {"made": False}
    assert "look around first" in shell.says("demo")


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("launch",),
        ("launch", "key", "--sideways"),
        ("report", "key", "--format", "docx"),
        ("tick",),
        ("tick", "--at", "soon"),
        ("simulate", "key"),
        ("simulate", "key", "--people", "-1"),
        ("roster", "import", "key", "/no/such/file.csv"),
        ("workspace", "create", "Hanse"),
    ],
)
def test_a_command_mistyped_exits_with_2_and_says_how_it_is_typed(
    shell: Shell, words: tuple[str, ...]
) -> None:
    told = shell.refused(*words, code=2)
    assert "Usage: " in told
    assert "Error: " in told


@pytest.mark.parametrize(
    "words",
    [
        ("approve", "k"),
        ("release", "k"),
        ("tick", "--at", "2099-01-01T00:00"),
        ("simulate", "k", "--people", "1"),
        ("demo",),
    ],
)
def test_in_production_nobody_stands_in_for_other_people(tmp_path: Path, words: tuple[str, ...]) -> None:
    environ = {
        "SURVEY_DATA_DIR": str(tmp_path / "data"),
        "SURVEY_KEY_DIR": str(tmp_path / "keys"),
        "SURVEY_SECRET": "s" * 40,
        "SURVEY_BASE_URL": "https://survey.example",
        "SURVEY_SMTP_URL": "smtp://127.0.0.1:25",
        "SURVEY_MAIL_FROM": "no-reply@survey.example",
        "SURVEY_OPERATOR": "Example Hosting",
    }
    (tmp_path / "data").mkdir()
    production = create_app(Settings.from_environ(environ))
    with production.app_context():
        upgrade()
    assert "development only" in Shell(production).refused(*words)
