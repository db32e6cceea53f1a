"""Whoever writes an instrument may have its words checked from the shell."""

import json
import shutil
from pathlib import Path

import pytest
from cast import workspace
from flask import Flask
from flask.testing import FlaskCliRunner

from survey_service.instrument.catalog import DEFINITIONS

CHECK = ["survey", "instrument", "check"]


@pytest.fixture
def shell(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the core form, to be spoilt."""
    shutil.copytree(DEFINITIONS / "core", tmp_path / "core")
    return tmp_path / "core" / "1"


def spoil(file: Path, before: str, after: str) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


@pytest.mark.parametrize("part", ["", "structure.toml", "en.toml"])
def test_the_shipped_form_is_fit_and_its_reading_age_told(
    shell: FlaskCliRunner, own: Path, part: str
) -> None:
    told = shell.invoke(args=[*CHECK, str(own / part)])
    assert told.exit_code == 0, told.output
    assert "en: reading age 8" in told.output
    assert ("de: reading age" in told.output) == (part != "en.toml")


def test_a_leading_question_is_refused_by_its_number(shell: FlaskCliRunner, own: Path) -> None:
    spoil(own / "en.toml", 'Q02 = "I have', 'Q02 = "Surely I have')
    told = shell.invoke(args=[*CHECK, str(own / "en.toml")])
    assert told.exit_code == 1
    assert "en Q02 “Surely” pushes towards an answer." in told.output
    assert told.output.count("Q02") == 1


def test_a_file_by_itself_is_checked_for_its_words(shell: FlaskCliRunner, tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text('[questions]\nA1 = "We and they like ShopFlow."\n', encoding="utf-8")
    told = shell.invoke(args=[*CHECK, str(tmp_path / "en.toml"), "--json"])
    assert told.exit_code == 1
    assert json.loads(told.output) == {
        "faults": [
            "en A1 asks two things at once (“and”).",
            "en A1 “ShopFlow” names a product or a supplier.",
        ],
        "reading_age": {"en": 6},
    }


def test_a_suppliers_name_is_refused_where_it_is_given(shell: FlaskCliRunner, own: Path) -> None:
    spoil(own / "en.toml", "about this problem.", "about Hanse.")
    assert shell.invoke(args=[*CHECK, str(own / "en.toml")]).exit_code == 0
    told = shell.invoke(args=[*CHECK, str(own / "en.toml"), "--name", "Hanse"])
    assert told.exit_code == 1
    assert "“Hanse” names a product or a supplier" in told.output


@pytest.mark.parametrize("content", ["", "[questions", 'questions = "x"', "title = 1\nunheard = 2"])
def test_a_file_that_is_no_instrument_is_named_without_a_trace(
    shell: FlaskCliRunner, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "structure.toml"
    file.write_text(content, encoding="utf-8")
    told = shell.invoke(args=[*CHECK, str(file)])
    assert told.exit_code == 2
    assert "cannot be read as an instrument" in told.output
    assert "Traceback" not in told.output


def test_an_instrument_goes_out_and_comes_into_a_workspace_and_is_listed(
    app: Flask, shell: FlaskCliRunner, tmp_path: Path
) -> None:
    with app.app_context():
        workspace()
    file = tmp_path / "ours.toml"
    assert shell.invoke(args=["survey", "instrument", "export", "pulse/1", "-o", str(file)]).exit_code == 0
    spoil(file, 'Q01 = "I can', 'Q01 = "Surely I can')
    take = ["survey", "instrument", "import", "--workspace", "Hanse Systems", "--title", "Ours"]
    key = shell.invoke(args=[*take, str(file)]).stdout.strip()
    told = json.loads(
        shell.invoke(args=["survey", "instrument", "list", "--workspace", "Hanse Systems", "--json"]).stdout
    )
    own = {row["key"]: row["state"] for row in told["instruments"]}
    assert own == {"core/1": "packaged", "pulse/1": "packaged", key: "draft"}
    spoil(file, "step = 4", "step = = 4")
    refused = shell.invoke(args=[*take, str(file)])
    assert refused.exit_code == 1
    assert "Line 5: This is no TOML" in refused.stderr


def test_an_exported_folder_can_be_checked_and_taken_in(
    app: Flask, shell: FlaskCliRunner, tmp_path: Path
) -> None:
    with app.app_context():
        workspace()
    folder = tmp_path / "core" / "1"
    folder.mkdir(parents=True)
    assert shell.invoke(args=["survey", "instrument", "export", "core/1", "-o", str(folder)]).exit_code == 0
    assert shell.invoke(args=[*CHECK, str(folder)]).exit_code == 0
    taken = shell.invoke(args=["survey", "instrument", "import", str(folder), "--workspace", "Hanse Systems"])
    assert taken.exit_code == 0, taken.output
