"""A later wave: far enough from the last, approved anew, and compared only where nobody stands out."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cast import CLOSES, GROUPS, Stage, people, stage
from flask import Flask

from survey_service.aggregator import menu
from survey_service.aggregator.audit import audit
from survey_service.answers.intake import Ballot
from survey_service.engagements import desk, roster
from survey_service.foundation.db import db, transaction
from survey_service.reports import publish
from survey_service.waves import close, movement
from survey_service.waves.launch import AlreadyLaunched, RosterTooSmall, WaveTooSoon, launch, obstacles

FORTNIGHT = timedelta(days=14)
REPORTED = CLOSES + timedelta(seconds=1)


def answered(play: Stage, answer: int) -> None:
    """Everyone gives the same answer throughout, and the wave closes."""
    ballot = Ballot(answers={f"Q{number:02d}": answer for number in range(1, 25)}, concerns=())
    for invitation in play.invitations():
        play.answer(invitation, ballot, at=play.wave.launched_at + timedelta(hours=1))
    close.close_due(play.here.keys, at=play.wave.closes_at + timedelta(seconds=1))


def first_wave(app: Flask) -> Stage:
    play = stage(app)
    play.launch()
    answered(play, 2)
    return play


def again(play: Stage, *, joined: int = 0, left: int = 0) -> Stage:
    """Two weeks and an hour after the report: a new closing time, and whoever came or went."""
    later = replace(play, at=REPORTED + FORTNIGHT + timedelta(hours=1))
    with transaction():
        desk.change_engagement(
            play.scope,
            play.key,
            launched=False,
            has_report=True,
            at=later.at,
            closes_at=later.at + FORTNIGHT,
            sponsor_name="Sam Sponsor",
            sponsor_email="sam@nordlicht.example",
        )
        if joined:
            new = tuple(people({"Sales": joined}, domain="new.example"))
            roster.add_all(play.engagement, new, who="Ines", at=later.at)
        for person in list(roster.people(play.engagement))[:left]:
            roster.remove(play.engagement, person, who="Ines", at=later.at)
    return later


def told(play: Stage) -> dict[str, Any]:
    found = publish.for_sponsor(play.engagement)["waves"][-1]
    assert isinstance(found, dict)
    return found


def rewrite_the_first(play: Stage, **changes: str) -> None:
    """The seller writes over the first row of the roster."""
    with transaction():
        someone = roster.people(play.engagement)[0]
        new = roster.as_people([someone])[0]._replace(**changes)
        roster.edit(play.engagement, someone, new, who="Ines", at=play.at)


def test_there_is_no_second_wave_while_one_is_open(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        play.launch()
        assert [type(one) for one in obstacles(play.engagement, at=play.at)] == [AlreadyLaunched]


def test_a_later_wave_waits_fourteen_days_from_the_report(app: Flask) -> None:
    with app.app_context():
        play = first_wave(app)
        at = REPORTED + FORTNIGHT - timedelta(seconds=1)
        assert WaveTooSoon in [type(one) for one in obstacles(play.engagement, at=at)]
        assert WaveTooSoon not in [
            type(one) for one in obstacles(play.engagement, at=at + timedelta(seconds=1))
        ]


def test_a_later_wave_has_its_own_terms_number_and_report_beside_the_first(
    app_on_each_database: Flask,
) -> None:
    with app_on_each_database.app_context():
        later = again(first_wave(app_on_each_database))
        wave = later.launch()
        assert wave.number == 2
        answered(later, 4)
        both = publish.for_sponsor(later.engagement)["waves"]
        assert [one["wave"] for one in both] == [1, 2]
        moved = both[1]["movement"]
        assert "movement" not in both[0]
        assert audit(publish.for_sponsor(later.engagement), {1: GROUPS, 2: GROUPS}, has_sponsor=True) == ()
        assert {
            (one["from"], one["to"], one["moved"]) for one in moved["topics"] if one["key"] == "idea"
        } == {(1, 5, "up")}


@pytest.mark.parametrize(("joined", "left", "changed"), [(1, 0, 1), (0, 1, 1), (2, 2, 2), (6, 3, 3)])
def test_movement_is_not_shown_where_one_to_four_people_came_or_went(
    app: Flask, joined: int, left: int, changed: int
) -> None:
    with app.app_context():
        play = first_wave(app)
        before = play.wave
        later = again(play, joined=joined, left=left)
        later.launch()
        assert movement.roster_change(before, later.wave) == changed
        answered(later, 4)
        assert "movement" not in told(later)


def test_somebody_written_over_somebody_else_counts_as_both(app: Flask) -> None:
    with app.app_context():
        play = first_wave(app)
        before, later = play.wave, again(play)
        rewrite_the_first(later, name="Bob", email="bob@nordlicht.example")
        later.launch()
        assert movement.roster_change(before, later.wave) == 2
        answered(later, 4)
        assert "movement" not in told(later)


def test_a_name_or_group_put_right_is_no_change_of_people(app: Flask) -> None:
    with app.app_context():
        play = first_wave(app)
        before, later = play.wave, again(play)
        rewrite_the_first(later, name="Ann", group="Finance")
        later.launch()
        assert movement.roster_change(before, later.wave) == 0


def test_people_taken_off_and_put_back_do_not_hide_that_one_was_swapped(app: Flask) -> None:
    with app.app_context():
        play = first_wave(app)
        before, later = play.wave, again(play)
        with transaction():
            off = list(roster.people(play.engagement))[:4]
            back = roster.as_people(off)
            for one in off:
                roster.remove(play.engagement, one, who="Ines", at=later.at)
            back[0] = back[0]._replace(name="Bob", email="bob@nordlicht.example")
            roster.add_all(play.engagement, back, who="Ines", at=later.at)
        later.launch()
        assert movement.roster_change(before, later.wave) == 2
        answered(later, 4)
        assert "movement" not in told(later)


def test_movement_is_shown_where_five_came(app: Flask) -> None:
    with app.app_context():
        later = again(first_wave(app), joined=5)
        later.launch()
        answered(later, 4)
        assert told(later)["movement"]


def test_a_wave_may_be_stricter_but_no_laxer(app: Flask) -> None:
    with app.app_context():
        play = stage(app, sponsor=False)
        with transaction():
            with pytest.raises(menu.BelowFloor):
                launch(play.scope, play.engagement, installation=play.here, at=play.at, k=4)
            launch(play.scope, play.engagement, installation=play.here, at=play.at, k=9)
        answered(play, 3)
        assert (told(play)["k"], told(play)["parts"][0]["answered"]) == (9, "20-39")


def test_a_stricter_wave_needs_nine_people(app: Flask) -> None:
    with app.app_context():
        play = stage(app, groups={"Sales": 8}, sponsor=False)
        assert [type(one) for one in obstacles(play.engagement, at=play.at)] == []
        assert [type(one) for one in obstacles(play.engagement, at=play.at, k=9)] == [RosterTooSmall]
        db.session.rollback()
