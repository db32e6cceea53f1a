"""A thief of files, logs, dumps and several backups joins no answer to a person (200 people, 95 %)."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from cast import MONDAY, Stage, address_of, stage
from flask import Flask
from rig import matcher
from rig.thief import Thief, free_pages
from sqlalchemy import select, text

from survey_service.answers.intake import Ballot
from survey_service.answers.models import SheetBox, TextBox
from survey_service.engagements.models import Stakeholder
from survey_service.foundation.db import db, transaction
from survey_service.invitations.models import Invitation
from survey_service.outbox.models import Dispatch
from survey_service.reports import publish
from survey_service.scheduler import timetable
from survey_service.waves import handover

GROUPS = {"Operations": 70, "Sales": 60, "Finance": 40, "Legal": 30}


def marked(email: str, mark: str = "MARKER") -> Ballot:
    """A ballot that would be known again anywhere in clear."""
    return Ballot({"Q01": 4, "Q02": "dk"}, ("K01",), (f"{mark} {email}", f"{mark} {email} ünï 🚲"))


@dataclass
class Loot:
    """Orders the thief has: of people, of texts."""

    people: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)


def emails(found: list[object]) -> list[str]:
    """The people of these invitations."""
    of = {one.id: address_of(one) for one in db.session.scalars(select(Invitation))}
    return [of[int(str(identity))] for identity in found]


def rows_of(thief: Thief, when: str) -> dict[str, list[str]]:
    """People in the orders a thief reads off the invitations: as they lie, and as they were written."""
    orders = {f"rows {when}": emails(thief.order("invitation", "id"))}
    if not thief.is_sqlite:
        orders[f"writing {when}"] = emails(thief.written("invitation", "id"))
    return orders


def answered_by_all(play: Stage, loot: Loot, thief: Thief) -> None:
    """Everyone answers, in a random order the thief learns from a backup around each deposit."""
    order = play.invitations()
    random.Random(7).shuffle(order)
    loot.people["order of invitations"] = emails(thief.order("invitation", "id"))
    for invitation in order:
        play.answer(invitation, marked(address_of(invitation)))
    loot.people["order of deposits"] = [address_of(one) for one in order]
    loot.people |= rows_of(thief, "before close")
    chosen = select(Dispatch.to_address).where(Dispatch.kind == "invitation").order_by(Dispatch.id)
    loot.people["order of letters"] = list(db.session.scalars(chosen))
    loot.people["names"] = sorted(db.session.scalars(select(Stakeholder.email)))


def closed_and_published(play: Stage, loot: Loot, thief: Thief) -> None:
    """The report is made, the sponsor lets all texts through; every order of texts on the way is taken."""
    closes_at = play.wave.closes_at
    assert timetable.tick(play.here, at=closes_at + timedelta(minutes=1)) == []
    rows = [bytes(one).hex() for one in thief.order("held_text", "id")]  # type: ignore[call-overload]
    read = {one.id: one for one in handover.texts_to_review(play.wave, play.here.keys)}
    with transaction():
        handover.publish_texts(play.wave, play.here.keys, hidden=(), at=closes_at)
    shown = publish.for_sponsor(play.engagement)["waves"][0]["appendix"]["texts"]
    for question, texts in shown.items():
        loot.texts[f"published {question}"] = [text.split()[1] for text in texts]
        kept = [read[one] for one in rows if read[one].question == question]
        loot.texts[f"rows of {question}"] = [one.text.split()[1] for one in kept]
    loot.people |= rows_of(thief, "after close")


def test_after_close_no_matcher_beats_chance(
    app_on_each_database: Flask, run_directory: Path, record_property: Callable[[str, object], None]
) -> None:
    app, loot = app_on_each_database, Loot()
    with app.app_context():
        play, thief = stage(app, groups=GROUPS), Thief(app, run_directory)
        play.launch()
        answered_by_all(play, loot, thief)
        closed_and_published(play, loot, thief)
        verdict = matcher.best(loot.people, loot.texts)
        record_property("figure", f"{db.engine.dialect.name}: {verdict}")
        assert (verdict.people, len(loot.texts)) == (200, 4)
        assert not verdict.beats_chance
        assert loot.people["rows after close"] == loot.people["order of invitations"]
        if not thief.is_sqlite:  # there was something to see: PostgreSQL keeps the order of use
            assert loot.people["writing before close"] == loot.people["order of deposits"]


def test_the_matcher_sees_where_there_is_something_to_see() -> None:
    people = [f"p{number:03d}" for number in range(200)]
    chance = random.Random(5)
    shuffled = people.copy()
    chance.shuffle(shuffled)
    assert not matcher.best({"a": people}, {"b": shuffled}).beats_chance
    assert matcher.best({"a": people}, {"b": people}).hits == 200
    assert matcher.best({"a": people}, {"b": people[::-1]}).hits == 200
    nearly = sorted(people, key=lambda one: int(one[1:]) + chance.randrange(120))
    assert matcher.best({"a": people}, {"b": nearly}).beats_chance
    some = shuffled.copy()
    for number in range(0, 200, 25):
        other = some.index(people[number])
        some[number], some[other] = some[other], some[number]
    assert matcher.best({"a": people}, {"b": some}).beats_chance


def test_before_close_no_marker_lies_in_clear_anywhere_and_after_it_no_box_either(
    app_on_each_database: Flask, run_directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = app_on_each_database
    caplog.set_level("DEBUG")
    with app.app_context():
        play, thief = stage(app), Thief(app, run_directory)
        play.launch()
        timetable.tick(play.here, at=MONDAY + timedelta(hours=1))
        order = play.invitations()
        random.Random(1).shuffle(order)
        for invitation in order[:12]:
            play.answer(invitation, marked("x@nordlicht.example", "UNSEEN"))
            assert thief.where(b"UNSEEN") == []
        timetable.tick(play.here, at=MONDAY + timedelta(days=8))
        boxes = list(db.session.scalars(select(SheetBox.ciphertext)))
        boxes += list(db.session.scalars(select(TextBox.ciphertext)))
        assert all(thief.where(one[40:72]) for one in boxes) or not thief.files()
        kept = [db.session.scalars(select(box.id)).all() for box in (SheetBox, TextBox)]
        boxes += [bytes(40) + bytes(one) for ids in kept for one in ids]
        db.session.commit()
        if thief.is_sqlite:  # somebody upgrades in mid-wave
            raw = db.engine.raw_connection()
            raw.cursor().execute("VACUUM INTO ?", (f"{db.engine.url.database}.before-20261130T120000",))
            raw.close()
        else:
            db.session.execute(text("ANALYZE"))
            db.session.commit()

        timetable.tick(play.here, at=play.wave.closes_at + timedelta(minutes=1))
        db.session.commit()
        held = thief.files()
        left = [(name, one[:4]) for name, content in held.items() for one in boxes if one[40:72] in content]
        assert left == []
        assert thief.where(b"UNSEEN") == []
        assert "UNSEEN" not in caplog.text


def test_after_close_the_rows_of_those_who_answered_look_like_the_others(
    app_on_each_database: Flask, run_directory: Path
) -> None:
    app = app_on_each_database
    with app.app_context():
        play, thief = stage(app), Thief(app, run_directory)
        play.launch()
        before = emails(thief.order("invitation", "id"))
        for invitation in random.Random(3).sample(play.invitations(), 9):
            play.answer(invitation, marked("x@nordlicht.example", "UNSEEN"))
        timetable.tick(play.here, at=MONDAY + timedelta(days=8))
        timetable.tick(play.here, at=play.wave.closes_at + timedelta(minutes=1))
        assert emails(thief.order("invitation", "id")) == before
        rows = db.session.execute(
            select(Invitation.spent, Invitation.remind_at, Invitation.reminders_sent).distinct()
        )
        assert [tuple(row) for row in rows] == [(False, None, 0)]
        db.session.commit()
        if thief.is_sqlite:
            assert free_pages(play.here.settings.data_dir / "common-ground.sqlite") == 0
        else:
            assert len(thief.versions("invitation")) == 1
