"""Invitations on paper, for whoever runs the server."""

import re
import stat
from pathlib import Path

from cast import Stage, stage
from flask import Flask

from survey_service.engagements import roster
from survey_service.engagements.roster_csv import Person
from survey_service.foundation import clock
from survey_service.foundation.db import transaction

PAT = "operations1@nordlicht.example"


def launched(app: Flask) -> Stage:
    """An engagement that is open now, one of its people with markup in the name."""
    with app.app_context():
        at = clock.now()
        made = stage(app, at=at, closes_at=at.replace(year=at.year + 1))
        made.launch()
    return made


def test_each_page_holds_the_persons_own_link_and_a_square(app: Flask, tmp_path: Path) -> None:
    play, file = launched(app), tmp_path / "letters.html"
    words = ["survey", "print-letters", play.key, "--for", PAT.upper(), "--for", "sales1@nordlicht.example"]
    done = app.test_cli_runner().invoke(args=[*words, "-o", str(file)])
    assert done.exit_code == 0, done.output
    pages = file.read_text(encoding="utf-8").split("<article")[1:]
    with app.app_context():
        tokens = play.tokens()
    assert f"/a/{tokens[PAT]}</code>" in pages[0]
    assert f"/a/{tokens['sales1@nordlicht.example']}</code>" in pages[1]
    assert all(len(re.findall("<svg", page)) == 1 for page in pages)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_everyone_without_an_address_is_printed_at_once_and_as_pdf(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        at = clock.now()
        play = stage(app, at=at, closes_at=at.replace(year=at.year + 1))
        with transaction():
            roster.add_all(play.engagement, [Person("Pia", "", "Sales", "ar", None)], who="Ines", at=at)
        play.launch()
    for name, start in (("letters.html", b"<!DOCTYPE"), ("letters.pdf", b"%PDF-")):
        file = tmp_path / name
        done = app.test_cli_runner().invoke(args=["survey", "print-letters", play.key, "-o", str(file)])
        assert (done.exit_code, done.output) == (0, f"1 -> {file}\n")
        assert file.read_bytes().startswith(start)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_where_everyone_has_an_address_somebody_has_to_be_named(app: Flask, tmp_path: Path) -> None:
    play, file = launched(app), tmp_path / "letters.html"
    done = app.test_cli_runner().invoke(args=["survey", "print-letters", play.key, "-o", str(file)])
    assert done.exit_code == 1
    assert "Name whose letters to print" in done.stderr
    assert not file.exists()


def test_somebody_who_was_not_asked_gets_no_page(app: Flask, tmp_path: Path) -> None:
    play, file = launched(app), tmp_path / "letters.html"
    words = ["survey", "print-letters", play.key, "--for", "eve@evil.example", "-o", str(file)]
    done = app.test_cli_runner().invoke(args=words)
    assert done.exit_code == 1
    assert not file.exists()
