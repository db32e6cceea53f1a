"""One person's data by command: what is held, its erasure, and what nobody can find."""

import json
from datetime import timedelta
from typing import Any

import pytest
from cast import Stage, stage
from flask import Flask
from village import everything

from survey_service.answers.intake import Ballot
from survey_service.engagements import roster_identity
from survey_service.engagements import sponsor as sponsors
from survey_service.foundation.db import db, transaction
from survey_service.invitations import contact
from survey_service.outbox.models import Dispatch
from survey_service.waves import close, persons
from survey_service.waves.models import Proposal

PAT = "operations1@nordlicht.example"
YES = Ballot(answers={"Q01": 5}, concerns=("K01",), texts=("Time.", ""))


def typed(app: Flask, *words: str) -> str:
    done = app.test_cli_runner().invoke(args=["survey", "person", *words])
    assert done.exit_code == 0, done.output
    return str(done.stdout)


def told(app: Flask, address: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(typed(app, address))
    return read


@pytest.fixture
def play(app: Flask) -> Stage:
    with app.app_context():
        play = stage(app)
        play.launch()
        return play


def test_pat_is_found_and_erased_and_answers_are_not_looked_for(app: Flask, play: Stage) -> None:
    found = told(app, PAT)
    assert [(one["name"], one["asked_in"]) for one in found["rosters"]] == [("Operations 1", 1)]
    assert found["letters"] == [{"kind": "invitation", "state": "queued"}]
    assert "Answers cannot be looked up" in found["note"]
    assert "spent" not in json.dumps(found)
    assert "Erased from 1 rosters." in typed(app, PAT.upper(), "--erase")
    with app.app_context():
        assert PAT not in roster_identity.addresses(play.engagement)
    assert told(app, PAT)["rosters"] == []


def test_neither_command_tells_whether_pat_has_answered(app: Flask, play: Stage) -> None:
    """Pat has, Paul has not and gets a reminder: what is said of both is the same, before and after."""
    paul = "operations2@nordlicht.example"
    with app.app_context():
        play.answer(play.invitations()[0], YES)
        with transaction():
            for kind in ("reminder", "last-day"):
                db.session.add(_letter(paul, kind))
    said = [[typed(app, who, *more) for more in ((), ("--erase",), ())] for who in (PAT, paul)]
    alike = [json.dumps(one).replace("perations 2", "perations 1").replace(paul, PAT) for one in said]
    assert alike[0] == alike[1]


def _letter(to: str, kind: str) -> Dispatch:
    at = db.session.query(Dispatch.due_at).first()
    assert at is not None
    return Dispatch(
        kind=kind,
        to_address=to,
        to_name="P",
        language="en",
        facts={},
        message_id=kind,
        due_at=at[0],
        wave_id=1,
    )


def test_after_an_erasure_no_row_of_any_table_holds_name_or_address(app: Flask, play: Stage) -> None:
    eve = {"name": "Operations 1", "email": PAT, "group": "Sales", "language": "en", "time_zone": None}
    with app.app_context(), transaction():
        contact.refuse(play.scope.workspace_id, PAT)
        proposed = Proposal(wave_id=play.wave.id, people=[eve], proposed_by="Ines", proposed_at=play.at)
        db.session.add(proposed)
    assert told(app, PAT)["proposed_for"] == [play.key]
    typed(app, PAT, "--erase")
    held = repr(everything(app))
    assert PAT not in held
    assert "'Operations 1'" not in held
    assert told(app, PAT)["wants_no_letters_from"] == ["Hanse Systems"]


def test_a_seller_cannot_shape_a_roster_while_its_survey_is_open(app: Flask, play: Stage) -> None:
    with app.app_context():
        number = play.scope.workspace_id
        with pytest.raises(persons.SurveyOpen, match="Nordlicht"), transaction():
            persons.erase(PAT, who="Ines", at=play.at, workspace_id=number)
        assert PAT in roster_identity.addresses(play.engagement)
        assert persons.held(PAT, workspace_id=number + 1).is_empty


def test_a_seller_cannot_erase_people_from_one_report_to_ask_them_for_the_next_at_once(
    app: Flask, play: Stage
) -> None:
    """Rule 15: whoever is on no list any more would not count as asked within the fortnight."""
    with app.app_context():
        number, over = play.scope.workspace_id, play.wave.closes_at
        close.close_due(play.here.keys, at=over)
        young, old = over + timedelta(days=13), over + timedelta(days=14)
        with pytest.raises(persons.SurveyOpen, match="Nordlicht"), transaction():
            persons.erase(PAT, who="Ines", at=young, workspace_id=number)
        with transaction():
            persons.erase(PAT, who="operator", at=young, while_open=True)
            persons.erase("operations2@nordlicht.example", who="Ines", at=old, workspace_id=number)
        assert "operations2@nordlicht.example" not in roster_identity.addresses(play.engagement)


def test_a_sponsor_is_named_and_stays(app: Flask) -> None:
    with app.app_context():
        key = stage(app).key
    assert f"Still the sponsor of {key}" in typed(app, "sam@nordlicht.example", "--erase")


def test_no_letter_to_a_sponsor_is_kept_back_by_an_erasure(app: Flask) -> None:
    sam = "sam@nordlicht.example"
    with app.app_context():
        play = stage(app)
        with transaction():
            sponsor = sponsors.of(play.engagement)
            assert sponsor is not None
            sponsors.ask_approval(sponsor, workspace_id=play.scope.workspace_id, language="en", at=play.at)
            persons.erase(sam, who="Ines", at=play.at, workspace_id=play.scope.workspace_id)
    assert told(app, sam)["letters"] == [{"kind": "sponsor-approval", "state": "queued"}]
