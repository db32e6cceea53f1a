"""Ines decides for the whole workspace, on one page."""

from collections.abc import Mapping
from email import message_from_bytes
from email.policy import SMTP

import pytest
from cast import stage
from flask import Flask
from sqlalchemy import select
from visitor import Visitor, reading
from werkzeug.test import TestResponse

from survey_service import journal
from survey_service.engagements import roster
from survey_service.foundation.clock import now
from survey_service.foundation.db import db
from survey_service.outbox.models import Dispatch
from survey_service.scheduler import letters
from survey_service.workspaces.models import Workspace
from survey_service.workspaces.scope import Scope

USUAL: Mapping[str, str | list[str]] = {
    "name": "Hanse Systems",
    "colour": "",
    "sender": "",
    "reply_to": "",
    "languages": ["en", "de"],
    "reminder_days": "3, 6",
    "archives_after": "6",
    "erases_after": "24",
}


def keeps(visitor: Visitor, **changes: str | list[str]) -> TestResponse:
    return visitor.sends("/desk/settings", **{**USUAL, **changes})  # type: ignore[arg-type] # lists, as ticks


def test_what_is_kept_is_shown_again(desk_app: Flask, ines: Visitor, hanse: Scope) -> None:
    answer = keeps(ines, sender="Ines of Hanse", reply_to="Surveys@Hanse.example", colour="#1F4E79")
    assert answer.status_code == 302
    page = ines.opens("/desk/settings").text
    for value in ("Ines of Hanse", "surveys@hanse.example", "#1f4e79"):
        assert f'value="{value}"' in page
    with desk_app.app_context():
        workspace = db.session.get_one(Workspace, hanse.workspace_id)
        assert workspace.languages == ["en", "de"]
        assert workspace.reminders == "3 6"
        assert (workspace.archives_after, workspace.erases_after) == (6, 24)
        chosen = select(journal.Entry.facts).where(journal.Entry.event == "settings changed")
        assert db.session.scalars(chosen).one() == {
            "changed": [*("sender", "reply_to", "languages", "reminders"), "archives_after", "erases_after"]
        }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "Give the workspace a name"),
        ({"name": "Look at www.example.org"}, "Leave out web addresses."),
        ({"reply_to": "someone@else.example"}, "use an address at hanse.example"),
        ({"reply_to": "nobody"}, "does not look like an e-mail address"),
        ({"reminder_days": "1, 2, 3, 4"}, "Give at most 3 reminders"),
        ({"languages": []}, "Tick at least one language."),
        ({"archives_after": "24", "erases_after": "12"}, "archived first and erased after that"),
        ({"colour": "#ffff00"}, "too light"),
        ({"needs_second_factor": "y"}, "Turn your own second factor on first"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(
    ines: Visitor, changes: dict[str, str | list[str]], said: str
) -> None:
    answer = keeps(ines, sender="Half typed", **changes)
    assert answer.status_code == 200
    assert said in reading(answer)
    assert 'value="Half typed"' in answer.text
    assert "Half typed" not in ines.opens("/desk/settings").text


def test_letters_come_from_the_name_chosen_and_are_answered_there(
    desk_app: Flask, ines: Visitor, hanse: Scope
) -> None:
    keeps(ines, sender="Ines of Hanse", reply_to="surveys@hanse.example")
    with desk_app.app_context():
        there = stage(desk_app, scope=hanse)
        there.launch()
        dispatch = db.session.scalars(select(Dispatch).where(Dispatch.kind == "invitation").limit(1)).one()
        letter = message_from_bytes(letters.renderer(there.here, at=there.at)(dispatch).content, policy=SMTP)
    assert letter["From"].addresses[0].display_name == "Ines of Hanse"
    assert letter["Reply-To"] == "surveys@hanse.example"


def test_only_languages_that_are_offered_may_be_used(desk_app: Flask, ines: Visitor, hanse: Scope) -> None:
    keeps(ines, languages=["de"])
    page = ines.opens("/desk/engagements/new").text
    assert '<option value="de">' in page or '<option selected value="de">' in page
    assert '<option value="fr">' not in page
    with desk_app.app_context():
        engagement = stage(desk_app, groups={}, scope=hanse, at=now()).engagement
        cells = {"name": "A", "email": "a@nordlicht.example", "group": "Sales", "language": "French"}
        judged = roster.judge_one(engagement, cells, refused_domains=())
        assert "not one of those offered" in str(judged.bad[0].reasons[0])
        cells["language"] = "English"  # the engagement's own
        assert roster.judge_one(engagement, cells, refused_domains=()).is_clean
