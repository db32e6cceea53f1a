"""Nothing is lost and nothing counts twice, whatever dies between any two statements."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from cast import CLOSES, MONDAY, Stage, stage
from flask import Flask
from rig import rewinding
from sqlalchemy import func, select

from survey_service.answers import box, intake, receipts
from survey_service.answers.intake import Ballot
from survey_service.answers.models import TextBox
from survey_service.foundation.db import db, transaction
from survey_service.foundation.ready import ready_transaction
from survey_service.invitations import links as personal
from survey_service.invitations.models import Invitation
from survey_service.journal import Entry
from survey_service.outbox.models import Dispatch
from survey_service.waves import booth, close, handover, lost
from survey_service.waves.models import Appendix, Release

AFTER = CLOSES + timedelta(minutes=1)
#: The short form tries every fourth point, the long one all of them.
STRIDE = 4


@dataclass
class Scene:
    """Seven people have answered; the moment can be returned to."""

    play: Stage
    moment: rewinding.Moment

    def killed_everywhere(
        self, work: Callable[[], object], then: Callable[[], None], first: int, stride: int
    ) -> int:
        """Kill the work at one point after the other and look each time; how many points there are."""
        point = first
        while True:
            self.moment.restore()
            came_to_its_end = rewinding.lives(self.play.app, point, work)
            with self.play.app.app_context():
                then()
            if came_to_its_end:
                return point
            point += stride


@pytest.fixture
def scene(
    app_on_each_database: Flask, database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Scene]:
    app = app_on_each_database
    with app.app_context():
        play = stage(app, groups={"Operations": 7, "Sales": 7})
        play.launch()
        for number, invitation in enumerate(play.invitations()[:7]):
            play.answer(invitation, Ballot({"Q01": 1 + number % 5}, ("K01",), (f"Text {number}", "")))
    is_sqlite = database_url.startswith("sqlite")
    server = None if is_sqlite else str(request.getfixturevalue("postgresql"))
    moment = rewinding.Moment(app, tmp_path, server)
    yield Scene(play, moment)
    moment.forget()


def counted(kind: str) -> int:
    return db.session.scalar(select(func.count()).select_from(Entry).where(Entry.event == kind)) or 0


def letters(kind: str) -> int:
    return db.session.scalar(select(func.count()).select_from(Dispatch).where(Dispatch.kind == kind)) or 0


STRIDES = [
    pytest.param(STRIDE, id="some points"),
    pytest.param(1, id="every point", marks=pytest.mark.long),
]


@pytest.mark.parametrize("stride", STRIDES)
def test_closing_killed_anywhere_is_finished_by_the_next_tick(scene: Scene, stride: int) -> None:
    play, documents = scene.play, set()

    def closing() -> None:
        close.close_due(play.here.keys, at=AFTER)

    def next_tick() -> None:
        close.close_due(play.here.keys, at=AFTER + timedelta(minutes=1))
        document = json.loads(db.session.scalars(select(Release.document)).one())
        assert document["answered"] == 7
        documents.add(json.dumps(document, sort_keys=True))
        assert play.wave.key_destroyed_at is not None
        assert [path.name[:7] for path in play.here.keys.path.glob("*-*")] == ["review-"]
        assert box.count(play.wave.id) == 0
        assert db.session.scalars(select(TextBox)).first() is None
        texts = handover.texts_to_review(play.wave, play.here.keys)
        assert sorted(one.text for one in texts) == [f"Text {number}" for number in range(7)]
        assert not db.session.scalars(select(Invitation).where(Invitation.spent)).all()
        assert (counted("closed"), counted("key destroyed"), letters("sponsor-report")) == (1, 1, 1)

    points = scene.killed_everywhere(closing, next_tick, first=1, stride=stride)
    assert points > 20
    assert len(documents) == 1


@pytest.mark.parametrize("stride", STRIDES)
def test_giving_up_killed_anywhere_is_finished_by_the_next_tick(scene: Scene, stride: int) -> None:
    play = scene.play

    def give_up() -> None:
        with transaction():
            lost.lose(play.engagement, who="operator", at=MONDAY)
        close.close_due(play.here.keys, at=MONDAY)

    def look() -> None:
        is_lost = play.wave.state == "lost"
        close.close_due(play.here.keys, at=MONDAY + timedelta(minutes=1))
        assert box.count(play.wave.id) == (0 if is_lost else 7)
        assert letters("wave-lost") == (16 if is_lost else 0)
        assert counted("wave lost") == counted("key destroyed") == int(is_lost)
        assert play.here.keys.holds(f"wave-{play.wave.key}.key") is not is_lost

    assert scene.killed_everywhere(give_up, look, first=1, stride=stride) > 20


def test_sending_killed_anywhere_counts_once_when_it_is_sent_again(scene: Scene) -> None:
    play, receipt = scene.play, receipts.fresh_receipt()

    def send() -> None:
        pat = play.invitations()[10]
        seat = booth.enter(play.here.links, personal.token(play.here.links, pat), at=MONDAY)
        sealed = intake.seal(seat.slot, seat.invitation, Ballot({"Q01": 4}, (), ("Eighth", "")))
        with ready_transaction():
            intake.deposit(booth.hold_open(seat, at=MONDAY), seat.invitation, sealed, receipt)

    def send_again() -> None:
        is_there = box.count(play.wave.id) == 8
        assert play.invitations()[10].spent is is_there
        send()
        texts = db.session.scalar(select(func.count()).select_from(TextBox))
        assert (box.count(play.wave.id), texts) == (8, 8)
        assert play.invitations()[10].spent

    assert scene.killed_everywhere(send, send_again, first=1, stride=1) >= 8


def test_publishing_texts_killed_anywhere_loses_none_of_them(scene: Scene) -> None:
    play = scene.play
    with play.app.app_context():
        close.close_due(play.here.keys, at=AFTER)
    closed = rewinding.Moment(play.app, scene.moment.place / "closed", scene.moment.server, "closed")
    scene.moment, before = closed, scene.moment

    def publish() -> None:
        with transaction():
            handover.publish_texts(play.wave, play.here.keys, hidden=(), at=AFTER)
        handover.destroy_read_keys(play.here.keys)

    def look() -> None:
        if handover.has_texts_to_review(play.wave):
            publish()
        handover.destroy_read_keys(play.here.keys)
        told = json.loads(db.session.scalars(select(Appendix.document)).one())
        assert sorted(told["texts"]["text1"]) == [f"Text {number}" for number in range(7)]
        assert list(play.here.keys.path.glob("review-*")) == []

    assert scene.killed_everywhere(publish, look, first=1, stride=1) > 8
    closed.forget()
    scene.moment = before
