"""The whole main job by real commands, each a process of its own, from an empty directory to the report."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PEOPLE = [("Operations", 9), ("Sales", 8), ("Legal", 2), ("Finance", 4)]
QUESTIONS = [f"Q{number:02d}" for number in range(1, 25)]
CLOSES = "2099-12-11T17:00"


@dataclass
class Shell:
    """An installation in a directory of its own, and what is typed there."""

    place: Path

    def type(self, *words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        environ = {name: value for name, value in os.environ.items() if not name.startswith("SURVEY_")}
        environ |= {"SURVEY_ENV": "development", "SURVEY_DATA_DIR": str(self.place / "data")}
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "survey", *words]
        return subprocess.run(command, cwd=ROOT, env=environ, input=given, capture_output=True, text=True)

    def facts(self, *words: str, given: str = "") -> dict[str, Any]:
        done = self.type(*words, "--json", given=given)
        assert done.returncode == 0, done.stderr
        read: dict[str, Any] = json.loads(done.stdout)
        return read

    def refused(self, *words: str) -> str:
        done = self.type(*words)
        assert (done.returncode, done.stdout) == (1, "")
        return done.stderr.strip()


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def roster(path: Path) -> list[str]:
    rows = [
        (f"{group} Person {number}", f"{group.lower()}{number}@buyer.example", group)
        for group, size in PEOPLE
        for number in range(1, size + 1)
    ]
    lines = ["Name;E-Mail;Abteilung", *(";".join(row) for row in rows)]
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    return [row[1] for row in rows]


def answers(path: Path, emails: Sequence[str]) -> None:
    """Everyone agrees with everything and ticks K05; everyone but five writes; nobody answers Q24."""
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["email", *QUESTIONS, "concerns", "text1", "text2"])
        for number, email in enumerate(emails):
            text = "Time for it." if number >= 5 else ""
            out.writerow([email, *["4"] * 22, "dk", "", "K01 K05" if number < 3 else "K05", text, ""])


@pytest.mark.slow
def test_from_an_empty_directory_to_the_report(shell: Shell, tmp_path: Path) -> None:
    made = shell.facts(
        *("workspace", "create", "Hanse Systems", "--owner", "ines@hanse.example"),
        given="a calm long password\n",
    )
    key = shell.type(
        *("engagement", "create", "--workspace", made["workspace"], "--buyer", "Buyer AG"),
        *("--change", "Move order handling from e-mail to one shared list.", "--closes-at", CLOSES),
        *("--sponsor", "sam@buyer.example", "--believed-step", "10"),
    ).stdout.strip()
    emails = roster(tmp_path / "roster.csv")
    assert shell.facts("roster", "import", key, str(tmp_path / "roster.csv")) == {
        "key": key,
        "imported": 23,
        "on_paper": 0,
        "groups": dict(PEOPLE),
    }
    assert "not approved" in shell.refused("launch", key)
    shell.facts("approve", key)
    assert shell.facts("launch", key)["wave"] == 1
    answers(tmp_path / "answers.csv", emails[:19])
    assert shell.facts("simulate", key, "--answers", str(tmp_path / "answers.csv"))["answered"] == 19
    assert "no report yet" in shell.refused("report", key)
    shell.facts("tick", "--at", f"{CLOSES}+01:00")
    assert "reads the report first" in shell.refused("report", key)
    shell.facts("release", key)

    shell.facts("report", key, "-o", str(tmp_path / "report.json"))
    document = json.loads((tmp_path / "report.json").read_text())
    (wave,) = document["waves"]
    assert (document["format"], document["engagement"]["key"]) == ("common-ground/report/1", key)
    assert (wave["stakeholders"], wave["answered"]) == (23, 19)
    assert [part["part"] for part in wave["parts"]] == ["Operations", "Sales and others"]
    assert (wave["concerns"]["K01"], wave["concerns"]["K05"]) == (0, 2)
    assert wave["cannot_tell"]["Q23"] == 2
    assert (wave["questions"]["Q23"], wave["questions"]["Q24"]) == ([], [])
    assert wave["appendix"] is None  # nobody has read the texts yet
    for form in ("html", "csv"):
        done = shell.type("report", key, "--format", form)
        assert done.returncode == 0
        assert "Buyer AG" in done.stdout


@pytest.mark.slow
def test_a_file_of_answers_is_refused_whole(shell: Shell, tmp_path: Path) -> None:
    made = shell.facts(
        *("workspace", "create", "Hanse Systems", "--owner", "ines@hanse.example"),
        given="a calm long password\n",
    )
    key = shell.facts(
        *("engagement", "create", "--workspace", made["workspace"], "--buyer", "Buyer AG"),
        *("--change", "Move order handling from e-mail to one shared list.", "--closes-at", CLOSES),
    )["engagement"]
    emails = roster(tmp_path / "roster.csv")
    shell.facts("roster", "import", key, str(tmp_path / "roster.csv"))
    shell.facts("launch", key)
    file = tmp_path / "answers.csv"
    for content, reason in (
        (f"email,Q99\n{emails[0]},5\n", "'Q99' is no column of core/1"),
        (f"email,Q01\n{emails[0]},6\n", "Q01 is '6'"),
        (f"email,Q01\n{emails[0]},5\n{emails[0]},4\n", "Line 3"),
        ("email,Q01\nnobody@buyer.example,5\n", "was not invited"),
        (f"email,concerns\n{emails[0]},K99\n", "'K99' is no concern"),
        ("Q01\n5\n", "no column 'email'"),
    ):
        file.write_text(content)
        assert reason in shell.refused("simulate", key, "--answers", str(file))
    file.write_text(f"email,Q01\n{emails[0]},5\n")
    assert shell.facts("simulate", key, "--answers", str(file))["answered"] == 1
    assert shell.type("simulate", key).returncode == 2
