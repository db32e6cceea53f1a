"""Letters to sellers and sponsors that wait for their day: sent only where there is something to say."""

import io
from collections.abc import Iterator
from datetime import timedelta

import cast
import pytest
from cast import MONDAY, Stage, address_of
from flask import Flask
from PIL import Image
from sqlalchemy import select

from survey_service.answers.intake import Ballot
from survey_service.engagements.addresses import AddressRefused
from survey_service.foundation.db import db, transaction
from survey_service.invitations import correcting, helping, unreachable
from survey_service.outbox.mailbox import Mailbox
from survey_service.outbox.models import Dispatch
from survey_service.scheduler import timetable
from survey_service.waves import telling
from survey_service.workspaces import look as looks
from survey_service.workspaces import members

INES = "ines@hanse.example"
DAY = timedelta(days=1)


@pytest.fixture
def play(app: Flask) -> Iterator[Stage]:
    with app.app_context():
        made = cast.stage(app)
        made.launch()
        yield made


def subjects(play: Stage, to: str) -> list[str]:
    """What somebody has got, oldest first."""
    mailbox = Mailbox(play.here.settings.data_dir / "mailbox")
    found = [(kept.at, kept.subject) for kept in mailbox.letters() if kept.address == to]
    return [subject for _, subject in sorted(found)]


def give_up(play: Stage, *numbers: int) -> list[str]:
    """The mail server will not have these."""
    addresses = [address_of(play.invitations()[number]) for number in numbers]
    with transaction():
        for row in db.session.scalars(select(Dispatch).where(Dispatch.to_address.in_(addresses))):
            row.state, row.fault, row.due_at = "given_up", "550", MONDAY
    return addresses


def correct(play: Stage, address: str, new: str) -> None:
    with transaction():
        (found,) = (one for one in play.invitations() if address_of(one) == address)
        correcting.correct(found, new, workspace_id=play.scope.workspace_id, at=MONDAY + DAY)


def test_the_seller_is_told_of_addresses_that_failed_once(play: Stage) -> None:
    give_up(play, 0, 1, 2)
    for days in (1, 2, 4, 5):
        timetable.tick(play.here, at=MONDAY + days * DAY + timedelta(minutes=1))
    told = [one for one in subjects(play, INES) if "could not be reached" in one]
    assert told == ["Nordlicht Energie: 3 addresses could not be reached"]


def test_where_all_arrived_nobody_is_told(play: Stage) -> None:
    for days in (0, 1, 4):
        timetable.tick(play.here, at=MONDAY + days * DAY + timedelta(minutes=1))
    assert not [one for one in subjects(play, INES) if "could not be reached" in one]


def test_a_corrected_address_gets_a_letter_and_the_old_link_is_void(play: Stage) -> None:
    (old,) = give_up(play, 0)
    before = play.tokens()[old]
    correct(play, old, "Pat.Right@Nordlicht.example")
    assert unreachable.count(play.wave.id) == 0
    timetable.tick(play.here, at=MONDAY + DAY)
    assert subjects(play, "pat.right@nordlicht.example") == [
        "Nordlicht Energie: what do you think of this change?"
    ]
    assert play.tokens()["pat.right@nordlicht.example"] != before


def test_an_address_said_to_be_somebody_elses_can_be_corrected_too(play: Stage) -> None:
    with transaction():
        helping.tell_wrong_person(play.invitations()[3], suggestion="Ben", at=MONDAY)
        helping.tell_wrong_person(play.invitations()[3], suggestion="Ben", at=MONDAY)
    (found,) = unreachable.invitations(play.wave.id)
    assert unreachable.count(play.wave.id) == 0
    correct(play, address_of(found), "ben@nordlicht.example")
    assert unreachable.invitations(play.wave.id) == []


def test_a_corrected_address_gets_the_same_letter_where_the_link_was_used(play: Stage) -> None:
    (old,) = give_up(play, 0)
    with transaction():
        play.invitations()[0].spent = True
    correct(play, old, "pat.right@nordlicht.example")
    assert unreachable.count(play.wave.id) == 0
    timetable.tick(play.here, at=MONDAY + DAY)
    assert subjects(play, "pat.right@nordlicht.example") == [
        "Nordlicht Energie: what do you think of this change?"
    ]


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        ("bo@hanse.example", correcting.FromTheSeller),
        ("sales1@nordlicht.example", correcting.TakenAlready),
        ("nobody", AddressRefused),
        ("pat@elsewhere.example", correcting.OtherDomain),
    ],
)
def test_an_address_that_may_not_be_asked_is_refused(play: Stage, new: str, refusal: type[Exception]) -> None:
    (old,) = give_up(play, 0)
    with pytest.raises(refusal):
        correct(play, old, new)


def test_three_days_before_close_few_answers_are_told_in_steps(play: Stage) -> None:
    timetable.tick(play.here, at=cast.CLOSES - 3 * DAY + timedelta(minutes=1))
    assert "Nordlicht Energie: few answers so far" in subjects(play, INES)


def test_where_most_have_answered_nothing_is_told(play: Stage) -> None:
    for invitation in play.invitations():
        play.answer(invitation, Ballot(answers={"Q01": 4}, concerns=()))
    timetable.tick(play.here, at=cast.CLOSES - 3 * DAY - timedelta(minutes=1))
    timetable.tick(play.here, at=cast.CLOSES - 3 * DAY + timedelta(minutes=1))
    assert "Nordlicht Energie: few answers so far" not in subjects(play, INES)


def test_a_test_letter_goes_to_one_member_before_launch(app: Flask) -> None:
    with app.app_context():
        play = cast.stage(app)
        with transaction():
            (ines,) = members.owners(play.scope.workspace_id)
            telling.test_letter(play.engagement, ines, at=MONDAY)
        timetable.tick(play.here, at=MONDAY)
        assert subjects(play, INES) == ["Test: Nordlicht Energie: what do you think of this change?"]


def test_letters_carry_the_workspaces_logo_inside_them(app: Flask) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (600, 200), "#1f4e79").save(stream, "PNG")
    with app.app_context():
        made = cast.stage(app)
        with transaction():
            looks.change(made.scope, logo=stream.getvalue(), colour="", at=MONDAY)
        kept = looks.of(made.scope.workspace_id).logo
        made.launch()
        timetable.tick(made.here, at=MONDAY + timedelta(minutes=1))
        mailbox = Mailbox(made.here.settings.data_dir / "mailbox")
        letters = [mailbox.read(one.name) for one in mailbox.letters()]
    assert len(letters) > len(cast.GROUPS)
    for letter in letters:
        (picture,) = (part for part in letter.walk() if part.get_content_maintype() == "image")
        assert (picture["Content-ID"], picture.get_content()) == ("<logo>", kept)
        html = letter.get_body(("html",))
        assert html is not None
        assert '<img src="cid:logo" alt="Hanse Systems"' in html.get_content()


def test_nothing_is_sent_after_an_answer(play: Stage) -> None:
    timetable.tick(play.here, at=MONDAY)
    mailbox = Mailbox(play.here.settings.data_dir / "mailbox")
    before = len(list(mailbox.letters()))
    play.answer(play.invitations()[0], Ballot(answers={"Q01": 4}, concerns=()))
    for hours in range(1, 20):
        timetable.tick(play.here, at=MONDAY + timedelta(hours=hours))
    assert len(list(mailbox.letters())) == before
