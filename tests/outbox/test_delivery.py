"""Letters leave once, late rather than never, and doubt is written down."""

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from multiprocessing.process import BaseProcess

import post
import pytest
from flask import Flask
from post import MONDAY, Sink
from sqlalchemy import delete

from survey_service.foundation.db import db, transaction
from survey_service.foundation.straight import Straight
from survey_service.outbox import claims, delivery
from survey_service.outbox.delivery import Withdrawn
from survey_service.outbox.envelope import Letter
from survey_service.outbox.models import Dispatch
from survey_service.outbox.transports import Begin, Smtp

LATER = MONDAY + timedelta(minutes=2)


@pytest.fixture
def app(app_on_each_database: Flask) -> Iterator[Flask]:
    with app_on_each_database.app_context():
        yield app_on_each_database


@pytest.fixture
def sink() -> Iterator[Sink]:
    with post.sink() as made:
        yield made


def worker(app: Flask, sink: Sink, database_url: str) -> BaseProcess:
    """A process that delivers what is due, started."""
    db.session.remove()
    facts = (database_url, str(app.extensions["installation"].settings.data_dir), sink.port)
    made = multiprocessing.get_context("spawn").Process(target=post.deliver_elsewhere, args=facts)
    made.start()
    return made


def wait_until(is_so: Callable[[], bool]) -> None:
    """Up to half a minute."""
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_letter_leaves_once(app: Flask, sink: Sink) -> None:
    post.queue("anna@nordlicht.example", "ben@nordlicht.example")
    assert post.deliver(sink.port).sent == 2
    assert post.deliver(sink.port).sent == 0
    assert sink.recipients == ["anna@nordlicht.example", "ben@nordlicht.example"]
    assert {row.state for row in post.rows(app).values()} == {"sent"}


def test_many_letters_share_one_connection(app: Flask, sink: Sink) -> None:
    people = [f"person{number}@nordlicht.example" for number in range(60)]
    post.queue(*people)
    assert post.deliver(sink.port).sent == 60
    assert sink.recipients == people
    assert len(sink.connections) == 1


def test_a_letter_waits_for_its_moment(app: Flask, sink: Sink) -> None:
    with transaction():
        post.put("anna@nordlicht.example", due_at=LATER)
    assert post.deliver(sink.port).sent == 0
    assert post.deliver(sink.port, at=LATER).sent == 1


def test_a_change_that_is_rolled_back_sends_nothing(app: Flask, sink: Sink) -> None:
    def change() -> None:
        with transaction():
            post.put("anna@nordlicht.example")
            raise RuntimeError("on second thoughts")

    with pytest.raises(RuntimeError, match="on second thoughts"):
        change()
    assert post.deliver(sink.port).sent == 0


def test_two_workers_at_once_send_nothing_twice(app: Flask, sink: Sink, database_url: str) -> None:
    people = [f"person{number}@nordlicht.example" for number in range(120)]
    post.queue(*people)
    sink.holds.add(people[0])
    workers = [worker(app, sink, database_url) for _ in range(2)]
    wait_until(lambda: len(sink.connections) == 2)
    sink.go_on.set()
    for one in workers:
        one.join(60)
        assert one.exitcode == 0
        one.close()
    assert Counter(sink.recipients) == Counter(people)
    assert {row.state for row in post.rows(app).values()} == {"sent"}


def test_an_unknown_recipient_is_given_up_and_the_others_get_their_letters(app: Flask, sink: Sink) -> None:
    post.queue("anna@nordlicht.example", "gone@nordlicht.example", "ben@nordlicht.example")
    sink.answers["gone@nordlicht.example"] = ["550 5.1.1 no such user"] * 9
    report = post.deliver(sink.port)
    assert (report.sent, report.given_up, report.failed) == (2, 1, 1)
    gone = post.rows(app)["gone@nordlicht.example"]
    assert (gone.state, gone.fault) == ("given_up", "550")
    assert len(sink.connections) == 1
    assert post.deliver(sink.port, at=MONDAY + timedelta(days=9)).sent == 0


def test_a_greylisted_letter_comes_later_under_the_same_name(app: Flask, sink: Sink) -> None:
    post.queue("anna@nordlicht.example")
    sink.answers["anna@nordlicht.example"] = ["451 4.7.1 come back later"]
    report = post.deliver(sink.port)
    assert (report.sent, report.postponed) == (0, 1)
    waiting = post.rows(app)["anna@nordlicht.example"]
    assert (waiting.state, waiting.fault, waiting.attempts) == ("queued", "451", 1)
    assert timedelta(seconds=45) <= waiting.due_at - MONDAY <= timedelta(seconds=77)
    assert post.deliver(sink.port, at=MONDAY + timedelta(seconds=30)).sent == 0
    assert post.deliver(sink.port, at=LATER).sent == 1
    assert sink.identities("anna@nordlicht.example") == [f"<{waiting.message_id}@survey.example.org>"]


def test_after_two_days_of_later_a_letter_is_given_up(app: Flask, sink: Sink) -> None:
    post.queue("anna@nordlicht.example")
    sink.answers["anna@nordlicht.example"] = ["451 4.7.1 come back later"] * 99
    moments = []
    while (row := post.rows(app)["anna@nordlicht.example"]).state == "queued":
        moments.append(row.due_at)
        post.deliver(sink.port, at=row.due_at)
    assert (row.state, row.fault) == ("given_up", "451")
    waits = [after - before for before, after in pairwise(moments)]
    planned = [timedelta(minutes=minutes) for minutes in delivery.WAITS[: len(waits)]]
    assert all(longer > shorter for shorter, longer in pairwise(planned))
    assert all(0.74 < wait / plan < 1.26 for wait, plan in zip(waits, planned, strict=True))
    assert timedelta(days=1) < moments[-1] - moments[0] < timedelta(days=3)


def test_an_invitation_that_may_have_left_is_sent_again_under_the_same_name(app: Flask, sink: Sink) -> None:
    post.queue("anna@nordlicht.example", "ben@nordlicht.example")
    sink.drops.add("anna@nordlicht.example")
    report = post.deliver(sink.port)
    assert (report.sent, report.uncertain) == (1, 1)
    assert post.rows(app)["anna@nordlicht.example"].fault == "unsure"
    assert post.deliver(sink.port, at=LATER).sent == 1
    assert len(sink.identities("anna@nordlicht.example")) == 2
    assert len(set(sink.identities("anna@nordlicht.example"))) == 1
    again = post.rows(app)["anna@nordlicht.example"]
    assert (again.state, again.fault) == ("sent", "unsure")


def test_a_reminder_that_may_have_left_is_never_sent_again(app: Flask, sink: Sink) -> None:
    post.queue("anna@nordlicht.example", kind="reminder")
    sink.drops.add("anna@nordlicht.example")
    assert post.deliver(sink.port).uncertain == 1
    assert post.deliver(sink.port, at=MONDAY + timedelta(days=1)).sent == 0
    assert post.rows(app)["anna@nordlicht.example"].state == "uncertain"
    assert len(sink.letters) == 1


@pytest.mark.parametrize(
    ("kind", "copies", "state"), [("invitation", 2, "sent"), ("reminder", 1, "uncertain")]
)
def test_a_worker_killed_while_sending_leaves_doubt_not_loss(
    app: Flask, sink: Sink, database_url: str, kind: str, copies: int, state: str
) -> None:
    post.queue("anna@nordlicht.example", "ben@nordlicht.example", kind=kind)
    sink.holds.add("anna@nordlicht.example")
    killed = worker(app, sink, database_url)
    assert sink.reading.wait(30)
    killed.kill()
    killed.join(30)
    killed.close()
    sink.go_on.set()
    sink.holds.clear()
    assert post.rows(app)["anna@nordlicht.example"].state == "sending"
    assert post.rows(app)["ben@nordlicht.example"].state == "claimed"
    assert post.deliver(sink.port, at=LATER).sent == 0
    report = post.deliver(sink.port, at=MONDAY + claims.LEASE + timedelta(minutes=1))
    assert report.uncertain == 1
    assert Counter(sink.recipients) == {"anna@nordlicht.example": copies, "ben@nordlicht.example": 1}
    assert len(set(sink.identities("anna@nordlicht.example"))) == 1
    assert post.rows(app)["anna@nordlicht.example"].state == state


def test_while_the_server_is_down_letters_wait_and_none_is_given_up(app: Flask) -> None:
    post.queue("anna@nordlicht.example", "ben@nordlicht.example")
    nobody = post.free_port()
    for day in range(20):
        assert post.deliver(nobody, at=MONDAY + timedelta(days=day)).given_up == 0
    assert {row.state for row in post.rows(app).values()} == {"queued"}
    with post.sink() as back:
        assert post.deliver(back.port, at=MONDAY + timedelta(days=20)).sent == 2


def test_a_server_that_refuses_us_refuses_no_recipient(app: Flask, sink: Sink) -> None:
    post.queue("anna@nordlicht.example", "ben@nordlicht.example")
    sink.answers["anna@nordlicht.example"] = ["530 5.7.0 authentication required"]
    report = post.deliver(sink.port)
    assert (report.sent, report.postponed, report.given_up) == (0, 1, 0)
    assert post.deliver(sink.port, at=LATER).sent == 2


def test_a_letter_whose_cause_is_gone_is_withdrawn(app: Flask, sink: Sink) -> None:
    def render(dispatch: Dispatch) -> Letter:
        if dispatch.to_address.startswith("anna"):
            raise Withdrawn
        return post.render(dispatch)

    post.queue("anna@nordlicht.example", "ben@nordlicht.example")
    report = post.deliver(sink.port, render=render)
    assert (report.sent, report.withdrawn) == (1, 1)
    assert list(post.rows(app)) == ["ben@nordlicht.example"]


def test_a_letter_that_cannot_be_written_holds_nobody_up(
    app: Flask, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    def render(dispatch: Dispatch) -> Letter:
        if dispatch.to_address.startswith("anna"):
            raise ValueError(f"nothing to say to {dispatch.to_address}")
        return post.render(dispatch)

    post.queue("anna@nordlicht.example", "ben@nordlicht.example")
    report = post.deliver(sink.port, render=render)
    assert (report.sent, report.postponed) == (1, 1)
    waiting = post.rows(app)["anna@nordlicht.example"]
    assert (waiting.state, waiting.fault, waiting.attempts) == ("queued", "unwritten", 1)
    assert "ValueError" in caplog.text
    assert "anna@" not in caplog.text


def test_a_letter_deleted_before_its_turn_is_not_sent(app: Flask, sink: Sink) -> None:
    """As when a wave closes while its letters are being sent."""

    def render(dispatch: Dispatch) -> Letter:
        if dispatch.to_address.startswith("ben"):
            with db.engine.begin() as elsewhere:
                elsewhere.execute(delete(Dispatch).where(Dispatch.to_address == "ben@nordlicht.example"))
        return post.render(dispatch)

    post.queue("anna@nordlicht.example", "ben@nordlicht.example", "cleo@nordlicht.example")
    assert post.deliver(sink.port, render=render).sent == 2
    assert sink.recipients == ["anna@nordlicht.example", "cleo@nordlicht.example"]


def test_whoever_comes_after_their_lease_sends_nothing(app: Flask) -> None:
    post.queue("anna@nordlicht.example")
    late = MONDAY + claims.LEASE + timedelta(seconds=1)
    with transaction():
        (slow,) = claims.take(MONDAY, 9)
        assert claims.take(MONDAY, 9) == []
    with transaction():
        (quick,) = claims.take(late, 9)
    with Straight() as straight:
        assert claims.begin(slow, late + claims.LEASE, straight) is None
        sending = claims.begin(quick, late + claims.LEASE, straight)
        assert sending is not None
    with transaction():
        claims.finish(slow, {"state": "given_up"})
    assert post.rows(app)["anna@nordlicht.example"].state == "sending"


def test_whoever_lost_the_letter_before_writes_nothing_of_it_and_may_go_on(app: Flask) -> None:
    post.queue("anna@nordlicht.example", "ben@nordlicht.example")
    late, until = MONDAY + claims.LEASE + timedelta(seconds=1), MONDAY + 3 * claims.LEASE
    with transaction():
        (lost,) = claims.take(MONDAY, 1)
    with transaction():
        (found,) = claims.take(late, 1)
        (next_one,) = claims.take(late, 1)
    with Straight() as straight:
        assert claims.begin(next_one, until, straight, sent=lost) == claims.Claim(next_one.id, until)
        assert post.rows(app)["anna@nordlicht.example"].claimed_until == found.until
        assert claims.begin(next_one, until, straight, sent=found) is None
    states = {address: row.state for address, row in post.rows(app).items()}
    assert states == {"anna@nordlicht.example": "sent", "ben@nordlicht.example": "sending"}


def test_no_transaction_is_open_while_a_server_takes_its_time(app: Flask, sink: Sink) -> None:
    """It would keep deleted rows on PostgreSQL, and the log of SQLite from being emptied."""

    class Watched(Smtp):
        def send(self, letter: Letter, begin: Begin = lambda: True) -> None:
            seen.append(db.session().in_transaction())
            super().send(letter, begin)
            seen.append(db.session().in_transaction())

    seen: list[bool] = []
    post.queue("anna@nordlicht.example", "ben@nordlicht.example")
    transport = Watched(f"smtp://127.0.0.1:{sink.port}")
    assert delivery.deliver_due(transport=transport, render=post.render, at=MONDAY).sent == 2
    assert seen == [False] * 4


def test_a_round_that_takes_long_puts_the_rest_back(app: Flask, sink: Sink) -> None:
    seconds = iter(range(0, 10_000, 7))
    post.queue(*(f"person{number}@nordlicht.example" for number in range(10)))
    smtp = Smtp(f"smtp://127.0.0.1:{sink.port}")
    report = delivery.deliver_due(
        transport=smtp, render=post.render, at=MONDAY, elapsed=lambda: float(next(seconds))
    )
    assert 0 <= report.sent < 10
    states = Counter(row.state for row in post.rows(app).values())
    assert states == Counter({"sent": report.sent, "queued": 10 - report.sent})
    assert post.deliver(sink.port).sent == 10 - report.sent
