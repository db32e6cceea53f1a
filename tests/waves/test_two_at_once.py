"""Two people act at one moment, on a server's database: the second waits, then acts on what the first did.

Each test fails without the lock it is about: the second then acts on what was there before.
"""

import threading
import time
from collections.abc import Callable

import pytest
from cast import MONDAY, PASSWORD, Stage, stage, workspace
from flask import Flask
from sqlalchemy import text

from survey_service.collection import shelf
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.roster_check import Person
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import NotAllowed
from survey_service.instrument import catalog, draft
from survey_service.waves import amend, launch, leaving, persons, verify
from survey_service.workspaces.models import Workspace

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
Deed = Callable[[], object]
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def second_beside_first(app: Flask, first: Deed, second: Deed) -> Exception | None:
    """What the second is refused with, begun when the first has acted and is not yet committed."""
    refused: list[Exception] = []

    def come_second() -> None:
        with app.app_context():
            try:
                second()
            except Exception as fault:
                refused.append(fault)

    another = threading.Thread(target=come_second)
    with app.app_context(), transaction():
        first()
        another.start()
        wait_for(another)
    another.join()
    return refused[0] if refused else None


def wait_for(another: threading.Thread) -> None:
    """Until it waits for a lock, or is done because there is none."""
    with db.engine.connect() as looking:
        looking = looking.execution_options(isolation_level="AUTOCOMMIT")
        for _ in range(1000):
            if looking.scalar(WAITING) or not another.is_alive():
                return
            time.sleep(0.01)


def launched(play: Stage) -> Deed:
    return lambda: launch.launch(play.scope, play.engagement, installation=play.here, at=play.at)


def asked_to_go(play: Stage) -> Deed:
    return lambda: leaving.ask(play.scope, play.scope.workspace_name, at=play.at)


def done(deed: Deed) -> Deed:
    """The same, committed."""

    def whole() -> None:
        with transaction():
            deed()

    return whole


def small(app: Flask, **more: object) -> Stage:
    return stage(app, groups={"Board": 5}, sponsor=False, **more)  # type: ignore[arg-type]


def test_nothing_is_launched_in_a_workspace_that_goes(app_on_each_database: Flask) -> None:
    app = app_on_each_database
    with app.app_context():
        play = small(app)
    refused = second_beside_first(app, asked_to_go(play), done(launched(play)))
    assert isinstance(refused, launch.WorkspaceLeaves)


def test_what_was_launched_just_before_is_called_off_with_its_workspace(app_on_each_database: Flask) -> None:
    app = app_on_each_database
    with app.app_context():
        play = small(app)
    assert second_beside_first(app, launched(play), done(asked_to_go(play))) is None
    with app.app_context():
        assert db.session.get_one(Workspace, play.scope.workspace_id).deletes_at is not None
        assert (play.wave.state, play.wave.trouble) == ("lost", "called off")


def test_the_same_people_are_not_asked_in_two_surveys_launched_at_once(app_on_each_database: Flask) -> None:
    """Rule 15: two reports over the same people, but for one, would differ by that one."""
    app = app_on_each_database
    with app.app_context():
        scope = workspace()
        one, other = small(app, scope=scope), small(app, scope=scope)
    refused = second_beside_first(app, launched(one), done(launched(other)))
    assert isinstance(refused, launch.AskedTooRecently)


def test_people_are_not_added_to_one_survey_while_another_that_asks_them_is_launched(
    app_on_each_database: Flask,
) -> None:
    app = app_on_each_database
    with app.app_context():
        scope = workspace()
        play, other = (
            stage(app, scope=scope, groups={"Board": 8}),
            small(app, scope=scope, domain="south.example"),
        )
        play.launch()
        new = [
            Person(
                name=f"New {number}",
                email=f"board{number}@south.example",
                group="Board",
                language="en",
                time_zone=None,
            )
            for number in range(1, 6)
        ]
        with transaction():
            amend.propose_people(play.scope, play.engagement, new, at=MONDAY)
    refused = second_beside_first(
        app, launched(other), done(lambda: amend.accept_people(play.engagement, at=MONDAY))
    )
    assert isinstance(refused, launch.AskedTooRecently)


def approved(play: Stage) -> Stage:
    with transaction():
        sponsor = sponsors.of(play.engagement)
        assert sponsor is not None
        sponsors.approve(sponsor, sponsors.digest(play.engagement), at=play.at)
    return play


def test_a_form_of_words_sent_beside_the_launch_puts_nobody_in_the_sponsors_seat(
    app_on_each_database: Flask,
) -> None:
    """Whoever sits there reads the texts and the report first; everyone was told that it is Sam."""
    app = app_on_each_database
    with app.app_context():
        play = approved(stage(app, groups={"Board": 8}))
    ines, answered = app.test_client(), []
    ines.post("/sign-in", data={"email": "ines@hanse.example", "password": PASSWORD})
    words = {
        "buyer": "Nordlicht",
        "change": "Keep all orders in one list.",
        "sponsor_name": "Eve",
        "sponsor_email": "eve@far.example",
        "instrument": "core/1",
        "language": "en",
        "time_zone": "Europe/Berlin",
    }

    def sent() -> None:
        answered.append(ines.post(f"/desk/engagements/{play.key}/words", data=words))

    second_beside_first(app, launched(play), sent)
    assert "its terms are frozen" in answered[0].text
    with app.app_context():
        sponsor = sponsors.of(play.engagement)
        assert sponsor is not None
        assert (sponsor.name, play.engagement.buyer) == ("Sam Sponsor", "Nordlicht Energie")
        assert verify.faults(play.wave) == []


def test_nobody_is_erased_from_a_roster_while_it_is_launched(app_on_each_database: Flask) -> None:
    app = app_on_each_database
    with app.app_context():
        play = small(app)
        number = play.scope.workspace_id
    erased = done(
        lambda: persons.erase("board1@nordlicht.example", who="Ines", at=MONDAY, workspace_id=number)
    )
    assert isinstance(second_beside_first(app, launched(play), erased), persons.SurveyOpen)


def test_an_instrument_is_not_deleted_while_it_is_launched(app_on_each_database: Flask) -> None:
    app = app_on_each_database
    with app.app_context():
        play = small(app)
        with transaction():
            ours = draft.of(catalog.packaged("pulse/1"), "pulse/1")
            row = shelf.put(play.scope, ours, "Ours", at=play.at)
            play.engagement.instrument = row.key
            name = row.name

    def deleted() -> None:
        shelf.throw_away(play.scope, shelf.held(play.scope, name, 1), at=play.at)

    assert isinstance(second_beside_first(app, launched(play), done(deleted)), NotAllowed)
