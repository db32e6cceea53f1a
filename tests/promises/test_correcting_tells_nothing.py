"""What a seller can do while answers come in says nothing about who has answered."""

from datetime import timedelta

import pytest
from cast import Stage, stage
from flask import Flask
from sqlalchemy import select
from visitor import Visitor, at_the_desk, reading

from survey_service.answers.intake import Ballot
from survey_service.foundation import clock
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import Refusal
from survey_service.invitations import correcting, helping
from survey_service.outbox import letters
from survey_service.outbox.mailbox import Mailbox
from survey_service.outbox.models import Dispatch
from survey_service.scheduler import timetable
from survey_service.workspaces import allowance

ANSWERED, SILENT = 0, 1


def launched(app: Flask, domain: str = "nordlicht.example") -> Stage:
    """An open wave whose letters have left, where the first of two who are listed has answered."""
    at = clock.now()
    play = stage(app, at=at, closes_at=at + timedelta(days=11), domain=domain)
    play.launch()
    timetable.tick(play.here, at=clock.now())
    play.answer(play.invitations()[ANSWERED], Ballot(answers={"Q01": 4}, concerns=()), at=clock.now())
    with transaction():
        for who in (ANSWERED, SILENT):
            helping.tell_wrong_person(play.invitations()[who], suggestion="", at=clock.now())
    return play


def subjects(play: Stage, to: str) -> list[str]:
    mailbox = Mailbox(play.here.settings.data_dir / "mailbox")
    return [kept.subject for kept in mailbox.letters() if kept.address == to]


def corrected(app: Flask, play: Stage, ines: Visitor, who: int, new: str) -> list[object]:
    """All that a seller, a mailbox and the table show of one correction, the address itself left out."""
    with app.app_context():
        person = play.invitations()[who].stakeholder
        number, old = person.id, person.email
    desk = f"/desk/engagements/{play.key}/unreachable"
    answer = ines.sends(desk, to=f"{desk}/{number}", email=new)
    page = reading(ines.opens(desk) if answer.status_code == 302 else answer)
    with app.app_context():
        timetable.tick(play.here, at=clock.now())
        found = play.invitations()[who]
        rows = db.session.execute(
            select(Dispatch.kind, Dispatch.state).where(Dispatch.to_address == found.stakeholder.email)
        )
        seen = [answer.status_code, f"The address is now {new}" in page, found.link_version]
        return [*seen, found.stakeholder.email == old, list(rows), subjects(play, new)]


def test_correcting_an_address_never_tells_whether_the_link_was_used(app: Flask) -> None:
    with app.app_context():
        play = launched(app)
    ines = at_the_desk(app)
    used = corrected(app, play, ines, ANSWERED, "kim@nordlicht.example")
    unused = corrected(app, play, ines, SILENT, "lee@nordlicht.example")
    assert used == unused
    assert used[:4] == [302, True, 2, False]
    assert used[5] == ["Nordlicht Energie: what do you think of this change?"]


@pytest.mark.parametrize(
    ("domain", "new"),
    [
        ("nordlicht.example", "mallory@gmail.com"),
        ("nordlicht.example", "mallory@evil.example"),
        ("nordlicht.example", "mallory@mail.nordlicht.example"),
        ("gmail.com", "mallory@gmail.com"),
    ],
)
def test_no_link_is_corrected_into_a_mailbox_of_the_sellers_own(app: Flask, domain: str, new: str) -> None:
    with app.app_context():
        play = launched(app, domain)
    ines = at_the_desk(app)
    used = corrected(app, play, ines, ANSWERED, new)
    assert used[1:4] == [False, 1, True]
    assert used[5] == []
    assert corrected(app, play, ines, SILENT, new)[:4] == used[:4]
    with app.app_context():
        said = []
        for who in (ANSWERED, SILENT):
            with pytest.raises(correcting.OtherDomain) as refused:
                correcting.correct(
                    play.invitations()[who], new, workspace_id=play.scope.workspace_id, at=clock.now()
                )
            db.session.rollback()
            said.append(str(refused.value))
    assert said[0] == said[1]
    assert "ask the sponsor" in said[0]


def test_the_days_limit_counts_no_letter_that_depends_on_answers(app: Flask) -> None:
    """Reminders that wait, links sent once more and letters to sellers leave the limit where it was."""

    def left() -> int:
        for wanted in range(60):
            try:
                allowance.need(play.scope.workspace_id, wanted, limit=50, operator="Example", at=clock.now())
            except allowance.TooManyLetters:
                return wanted - 1
        raise AssertionError

    with app.app_context():
        play = launched(app)
        before = left()
        uncounted = (*letters.QUIET, "link-again", *(one for one in letters.LETTERS if "seller-" in one))
        for kind in (*uncounted, "wrong-person", "sponsor-texts", "report-for-all"):
            with transaction():
                letters.write(
                    kind,
                    to_address="pat@nordlicht.example",
                    to_name="Pat",
                    language="en",
                    facts={"address": ""},
                    due_at=clock.now(),
                    workspace_id=play.scope.workspace_id,
                    wave_id=play.wave.id,
                )
        assert left() == before == 50 - len(play.invitations())


def test_the_days_limit_does_not_say_how_much_of_it_is_left(app: Flask) -> None:
    said: list[Refusal] = []
    with app.app_context():
        play = stage(app)
        for wanted in (51, 500):
            with pytest.raises(allowance.TooManyLetters) as refused:
                allowance.need(play.scope.workspace_id, wanted, limit=50, operator="Example", at=clock.now())
            said.append(refused.value)
    assert str(said[0]) == str(said[1])


def test_an_address_that_is_refused_stays_where_it_was_typed(app: Flask) -> None:
    with app.app_context():
        play = launched(app)
        number = play.invitations()[SILENT].stakeholder.id
    desk = f"/desk/engagements/{play.key}/unreachable"
    page = at_the_desk(app).sends(desk, to=f"{desk}/{number}", email="lee at nordlicht")
    assert page.status_code == 200
    assert 'value="lee at nordlicht" aria-invalid="true"' in page.text
    assert f'<a href="#email-{number}">' in page.text
