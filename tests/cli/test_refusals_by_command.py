"""What an operator mistypes is named, with what to do; the exit status tells scripts which kind it was."""

from datetime import timedelta
from pathlib import Path

import pytest
from cast import stage
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from survey_service.foundation.clock import now

BAD_ROSTER = """name;e-mail;group
Ada Bode;ada@b.example;Sales
;;Sales
Dup;ADA@b.example;Sales
Other;o@b.example;Other roles
"""


@pytest.fixture
def shell(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def test_a_bad_roster_names_each_row_and_imports_none(
    app: Flask, shell: FlaskCliRunner, tmp_path: Path
) -> None:
    with app.app_context():
        key = stage(app, groups={"Sales": 8}).key
    file = tmp_path / "roster.csv"
    file.write_text(BAD_ROSTER)
    done = shell.invoke(args=["survey", "roster", "import", key, str(file)])
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "Nothing was imported; 3 rows have to be corrected first:",
        "Line 3: Both name and e-mail address are missing. (; ; Sales)",
        "Line 4: ada@b.example already stands on line 2. (Dup; ADA@b.example; Sales)",
        "Line 5: The report uses “Other roles” for groups shown together. Choose another name."
        " (Other; o@b.example; Other roles)",
    ]


@pytest.mark.parametrize("command", ["launch", "report", "approve", "release", "simulate"])
def test_an_unknown_key_is_named(shell: FlaskCliRunner, command: str) -> None:
    extra = ["--people", "3"] if command == "simulate" else []
    done = shell.invoke(args=["survey", command, "nokey", *extra])
    assert (done.exit_code, done.stderr) == (1, "There is no engagement “nokey”.\n")


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--closes-at", "tomorrow"], 2, "'tomorrow' is no moment; write it like 2026-12-11T17:00."),
        (["--closes-at", "2020-01-01T10:00"], 1, "The closing time has already passed."),
        (["--believed-step", "14"], 2, "14 is not in the range"),
        (["--time-zone", "Mars/Base"], 2, "'Mars/Base' is no time zone; write it like Europe/Berlin."),
        (["--instrument", "foo"], 2, "'foo' is no instrument; there are: core/1, pulse/1."),
        (["--sponsor", "nobody"], 1, "This is not an e-mail address"),
        (["--workspace", "nowhere"], 1, "There is no workspace “nowhere”."),
        (["--change", ""], 1, "Say in one sentence what would change."),
    ],
)
def test_what_cannot_be_an_engagement_is_refused(
    app: Flask, shell: FlaskCliRunner, options: list[str], code: int, words: str
) -> None:
    with app.app_context():
        stage(app)
    usual = {
        "--workspace": "Hanse Systems",
        "--buyer": "B",
        "--change": "Keep all orders in one list.",
        "--closes-at": "2099-01-01T10:00",
    } | {options[0]: options[1]}
    words_typed = [word for pair in usual.items() for word in pair]
    done = shell.invoke(args=["survey", "engagement", "create", *words_typed])
    assert done.exit_code == code
    assert words in done.stderr
    assert done.stdout == ""


def test_whoever_has_answered_is_not_drawn_again(app: Flask, shell: FlaskCliRunner) -> None:
    with app.app_context():
        play = stage(app, groups={"Sales": 8}, closes_at=now() + timedelta(days=9), at=now())
        play.launch()
        key = play.key

    def simulate(people: int, seed: int) -> Result:
        return shell.invoke(args=["survey", "simulate", key, "--people", str(people), "--seed", str(seed)])

    assert simulate(5, 1).stdout == "5 people answered.\n"
    refused = simulate(4, 2)
    assert (refused.exit_code, refused.stderr) == (
        1,
        "Nobody answered: 4 people were asked for, and 3 links are unused.\n",
    )
    assert simulate(3, 2).stdout == "3 people answered.\n"
