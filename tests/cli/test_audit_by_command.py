"""Anyone may audit a report from the shell: by an engagement's key, or a file they were sent."""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import report_sample
from cast import Stage, stage
from flask import Flask
from flask.testing import FlaskCliRunner

from survey_service.answers.intake import Ballot
from survey_service.foundation.db import transaction
from survey_service.reports import exports, publish
from survey_service.waves import close, handover

SAFE = "Safe: nobody's answer, and no figure of fewer than k people, follows from this report.\n"


@pytest.fixture
def shell(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def closed(app: Flask) -> Stage:
    """All 22 answered, the same throughout; the sponsor has yet to read it."""
    with app.app_context():
        play = stage(app)
        play.launch()
        same = Ballot(answers={f"Q{number:02d}": 5 for number in range(1, 25)}, concerns=("K01",))
        for invitation in play.invitations():
            play.answer(invitation, same)
        close.close_due(play.here.keys, at=play.wave.closes_at + timedelta(seconds=1))
    return play


@pytest.fixture
def released(app: Flask, closed: Stage) -> dict[str, Any]:
    with app.app_context(), transaction():
        handover.release_to_seller(closed.wave, who="Sam", at=closed.wave.closes_at)
        return publish.for_sponsor(closed.engagement)


def written(place: Path, document: object) -> str:
    file = place / "report.json"
    file.write_text(json.dumps(document))
    return str(file)


def test_a_released_report_is_called_safe(
    shell: FlaskCliRunner, closed: Stage, released: dict[str, Any]
) -> None:
    done = shell.invoke(args=["survey", "audit", closed.key])
    assert (done.exit_code, done.stdout) == (0, SAFE)
    facts = shell.invoke(args=["survey", "audit", closed.key, "--json"])
    assert json.loads(facts.stdout) == {"safe": True, "findings": []}


def test_a_report_is_not_audited_before_it_may_be_read(shell: FlaskCliRunner, closed: Stage) -> None:
    done = shell.invoke(args=["survey", "audit", closed.key])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "The sponsor reads the report first." in done.stderr


def test_a_file_is_audited_with_a_roster_beside_it(
    shell: FlaskCliRunner, released: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "sent.json"
    file.write_text(exports.to_json(released))
    roster = tmp_path / "roster.csv"
    people = [("operations", 8), ("Sales", 8), ("Legal", 2), ("Finance", 4)]
    rows = [f"P{n};{group}{n}@n.example;{group}" for group, size in people for n in range(size)]
    roster.write_text("\n".join(["name;e-mail;group", *rows]))
    done = shell.invoke(args=["survey", "audit", str(file), "--roster", str(roster)])
    assert (done.exit_code, done.stdout) == (0, SAFE)
    roster.write_text("\n".join(["name;e-mail;group", *rows[1:]]))
    done = shell.invoke(args=["survey", "audit", str(file), "--roster", str(roster)])
    assert done.exit_code == 1
    assert "Operations: the number of people asked is not that of the roster." in done.stdout


def test_an_unsafe_report_is_told_with_what_it_means(
    shell: FlaskCliRunner, released: dict[str, Any], tmp_path: Path
) -> None:
    cells = released["waves"][0]["questions"]["Q05"]
    cells[0] |= {"mean": 5.0}
    done = shell.invoke(args=["survey", "audit", written(tmp_path, released)])
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "Not safe: 2 findings.",
        "* wave 1, Q05, Operations: it shows more than the format has: mean.",
        "* wave 1, Q05, Operations: everyone in Operations who gave a number answered 5.",
    ]
    facts = json.loads(shell.invoke(args=["survey", "audit", written(tmp_path, released), "--json"]).stdout)
    assert facts["safe"] is False
    assert [one["kind"] for one in facts["findings"]] == ["breaks a rule", "gives away"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("no json", "is no JSON."),
        ('{"waves": []}', "is no report: it has no waves."),
        ('{"waves": [1]}', "is no report that can be read"),
        (
            '{"format": "common-ground/report/1", "waves": [{"wave": 1, "k": 5}]}',
            "is no report that can be read",
        ),
    ],
)
def test_what_is_no_report_is_a_matter_of_usage(
    shell: FlaskCliRunner, tmp_path: Path, content: str, words: str
) -> None:
    file = tmp_path / "odd.json"
    file.write_text(content)
    done = shell.invoke(args=["survey", "audit", str(file)])
    assert done.exit_code == 2
    assert words in " ".join(done.stderr.split())


def test_a_missing_file_is_named(shell: FlaskCliRunner) -> None:
    done = shell.invoke(args=["survey", "audit", "nowhere.json"])
    assert done.exit_code == 2
    assert "there is no file nowhere.json" in done.stderr


def test_without_scipy_the_line_to_type_is_told(
    shell: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    document = report_sample.document("report-001")
    done = shell.invoke(args=["survey", "audit", written(tmp_path, document)])
    assert done.exit_code == 1
    assert "pip install --require-hashes -r requirements/audit.txt" in done.stderr


def test_too_few_answers_are_safe(shell: FlaskCliRunner, tmp_path: Path) -> None:
    done = shell.invoke(args=["survey", "audit", written(tmp_path, report_sample.too_few())])
    assert (done.exit_code, done.stdout) == (0, SAFE)
