"""Owners read who did what to their workspace; nobody reads there who answered, or a secret."""

import pytest
from cast import MONDAY
from flask import Flask
from sqlalchemy import select
from village import MARK, PAT, Village
from visitor import PASSWORD, Visitor, reading

from survey_service import journal
from survey_service.foundation.db import db, transaction
from survey_service.web.seller import journal as page
from survey_service.workspaces.models import Workspace


@pytest.fixture
def ines(village: Village) -> Visitor:
    visitor = Visitor(village.app)
    visitor.client.post("/sign-in", data={"email": "ines@hanse.example", "password": PASSWORD})
    return visitor


def read(ines: Visitor, query: str = "") -> str:
    return reading(ines.opens(f"/desk/settings/journal{query}"))


def test_roles_passwords_and_settings_are_written_down_without_secrets(
    village: Village, ines: Visitor
) -> None:
    bo = village.at.numbers["bo"]
    ines.client.post(f"/desk/members/{bo}", data={"role": "viewer"})
    ines.client.post(f"/desk/members/{bo}", data={"role": "viewer"})
    ines.client.post("/desk/members/invite", data={"email": "eve@far.example", "role": "viewer"})
    form = {"name": "Hanse", "languages": ["en", "de"], "archives_after": "12", "erases_after": "36"}
    ines.client.post("/desk/settings", data={**form, "colour": "#1f4e79"})
    ines.client.post("/desk/account/password", data={"old": PASSWORD, "new": "nine patient otters"})
    words = read(ines)
    assert words.count("A member’s role changed: Bo: Member before, now Viewer") == 1
    assert "A colleague invited: Viewer" in words
    assert "Settings of the workspace changed: Name, Languages" in words
    assert "Logo or colour changed" in words
    assert words.index("Password changed") < words.index("A member’s role changed")
    with village.app.app_context():
        kept = [f"{one.who} {one.facts}" for one in db.session.scalars(select(journal.Entry))]
    for secret in ("nine patient otters", PASSWORD, "argon2", "eve@far.example"):
        assert secret not in words
        assert not [line for line in kept if secret in line]


def test_nothing_of_stakeholders_or_answers_stands_there(ines: Visitor) -> None:
    words = read(ines)
    for told in (MARK, PAT, "Launched", "Closed, report made", "Share link made"):
        assert told not in words


def test_it_is_read_in_pages_and_by_theme(village: Village, ines: Visitor) -> None:
    with village.app.app_context(), transaction():
        number = db.session.scalars(select(Workspace.id).where(Workspace.name == "Hanse Systems")).one()
        for day in range(page.A_PAGE + 5):
            journal.note("everything exported", who=f"Day {day}", at=MONDAY, workspace_id=number)
    first = ines.opens("/desk/settings/journal")
    assert f"Day {page.A_PAGE + 4}" in first.text
    assert "Day 4<" not in first.text
    before = first.text.split("before=")[1].split('"')[0]
    older = read(ines, f"?before={before}")
    assert "Day 4" in older
    assert "Workspace made" in older
    assert "Older" not in older
    assert "Everything exported" not in read(ines, "?about=members")
    assert "A colleague invited" in read(ines, "?about=members")
    assert "There is nothing older." in read(ines, "?before=1")


def test_every_event_has_its_theme(app: Flask) -> None:
    themed = [event for events in page.THEMES.values() for event in events]
    assert sorted(themed) == sorted(journal.EVENTS)


def test_what_the_operator_did_to_an_account_is_told(village: Village, ines: Visitor) -> None:
    village.app.test_cli_runner().invoke(args=["survey", "second-factor-off", "bo@hanse.example"])
    assert "Second factor turned off: Bo operator" in read(ines)
