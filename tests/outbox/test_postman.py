"""What a worker keeps from round to round: its pace, its doubts, and what it owes the database."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import post
import pytest
from flask import Flask
from post import MONDAY, Sink
from sqlalchemy.exc import OperationalError

from survey_service.foundation.db import transaction
from survey_service.foundation.straight import Straight
from survey_service.outbox import claims, delivery, paces
from survey_service.outbox.ledger import Report
from survey_service.outbox.paces import Pace
from survey_service.outbox.postman import Postman, Watch
from survey_service.outbox.transports import Smtp

MINUTE = timedelta(minutes=1)
LEASE = timedelta(seconds=30)


@pytest.fixture
def app(app_on_each_database: Flask) -> Iterator[Flask]:
    with app_on_each_database.app_context():
        yield app_on_each_database


@pytest.fixture
def sink() -> Iterator[Sink]:
    with post.sink() as made:
        yield made


def of_a_wave(*people: str, kind: str = "invitation") -> None:
    """Letters that keep to the pace."""
    with transaction():
        for person in people:
            post.put(person, kind).wave_id = 1


def deliver(sink: Sink, postman: Postman, *, minutes: int = 0) -> Report:
    """One of the postman's rounds."""
    smtp = Smtp(f"smtp://127.0.0.1:{sink.port}", timeout=5)
    at = MONDAY + minutes * MINUTE
    return delivery.deliver_due(transport=smtp, render=post.render, at=at, postman=postman)


def test_one_mail_host_gets_so_many_a_minute_and_the_others_theirs(app: Flask, sink: Sink) -> None:
    of_a_wave(*(f"p{number}@nordlicht.example" for number in range(7)), "zoe@elsewhere.example")
    postman = Postman(pace=Pace(per_host=3))
    assert deliver(sink, postman).sent == 4
    assert "zoe@elsewhere.example" in sink.recipients
    assert deliver(sink, postman).sent == 0
    assert deliver(sink, postman, minutes=1).sent == 3
    assert deliver(sink, postman, minutes=2).sent == 1
    assert set(Counter(sink.recipients).values()) == {1}


def test_all_workers_together_keep_to_the_pace(app: Flask, sink: Sink) -> None:
    of_a_wave(*(f"p{number}@nordlicht.example" for number in range(5)))
    first, second = (Postman(pace=Pace(per_host=2, per_workspace=9)) for _ in range(2))
    assert [deliver(sink, one).sent for one in (first, second)] == [2, 0]
    assert [deliver(sink, one, minutes=1).sent for one in (second, first)] == [2, 0]


def test_what_left_in_a_minute_is_forgotten_with_it(app: Flask, sink: Sink) -> None:
    of_a_wave("anna@nordlicht.example")
    deliver(sink, Postman(pace=Pace(per_host=2)))
    with transaction():
        assert paces.forget(at=MONDAY) == 0
        assert paces.forget(at=MONDAY + MINUTE) == 1


def test_a_letter_somebody_waits_for_keeps_to_no_pace(app: Flask, sink: Sink) -> None:
    of_a_wave(*(f"p{number}@nordlicht.example" for number in range(3)))
    post.queue("ines@nordlicht.example", kind="reset-password")
    assert deliver(sink, Postman(pace=Pace(per_host=1, per_workspace=1))).sent == 2
    assert "ines@nordlicht.example" in sink.recipients


def test_how_fast_invitations_leave_does_not_tell_how_many_are_reminded(app: Flask, sink: Sink) -> None:
    """A seller sees how many invitations have left; reminders beside them take none of their pace."""
    of_a_wave("anna@nordlicht.example", "bert@nordlicht.example", kind="reminder")
    of_a_wave(*(f"p{number}@nordlicht.example" for number in range(3)))
    assert deliver(sink, Postman(pace=Pace(per_host=2, per_workspace=2))).sent == 4
    assert sum(one.startswith("p") for one in sink.recipients) == 2


def left_sending() -> None:
    """As a killed worker leaves it."""
    post.queue("anna@nordlicht.example")
    with transaction():
        (claim,) = claims.take(MONDAY, 1, LEASE)
    with Straight() as straight:
        assert claims.begin(claim, MONDAY + LEASE, straight)


def test_a_lease_that_ended_is_believed_only_after_a_lease_of_watching(app: Flask, sink: Sink) -> None:
    """The clock may have jumped: at ten past, somebody may still be speaking to the server."""
    left_sending()
    seconds = [0.0]
    postman = Postman(watch=Watch(lease=LEASE, elapsed=lambda: seconds[0]))
    assert deliver(sink, postman, minutes=60).uncertain == 0
    seconds[0] = 29.0
    assert not postman.believes(MONDAY + 60 * MINUTE + timedelta(seconds=29))
    seconds[0] = 31.0
    assert postman.believes(MONDAY + 60 * MINUTE + timedelta(seconds=31))


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_makes_the_watch_begin_anew(hours: int) -> None:
    seconds = [0.0]
    watch = Watch(lease=LEASE, elapsed=lambda: seconds[0])
    assert not watch.believes(MONDAY)
    seconds[0] = 40.0
    assert watch.believes(MONDAY + timedelta(seconds=40))
    seconds[0] = 41.0
    assert not watch.believes(MONDAY + timedelta(hours=hours, seconds=41))
    seconds[0] = 72.0
    assert watch.believes(MONDAY + timedelta(hours=hours, seconds=72))


def test_what_came_of_a_letter_is_written_down_when_the_database_is_back(
    app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The letter has left; were that forgotten, it would be sent again."""
    post.queue("anna@nordlicht.example")
    postman = Postman()

    def away(*_: object) -> None:
        raise OperationalError("UPDATE dispatch", {}, Exception("the server closed the connection"))

    with monkeypatch.context() as patched:
        patched.setattr(claims, "finish", away)
        with pytest.raises(OperationalError):
            deliver(sink, postman)
    assert post.rows(app)["anna@nordlicht.example"].state == "sending"
    assert deliver(sink, postman).sent == 1
    assert post.rows(app)["anna@nordlicht.example"].state == "sent"
    assert deliver(sink, postman, minutes=60).uncertain == 0
    assert sink.recipients == ["anna@nordlicht.example"]


def test_a_postman_told_to_stop_puts_the_rest_back(app: Flask, sink: Sink) -> None:
    post.queue(*(f"p{number}@nordlicht.example" for number in range(30)))
    postman = Postman(is_stopped=lambda: len(sink.letters) >= 4)
    assert deliver(sink, postman).sent == 4
    assert Counter(row.state for row in post.rows(app).values()) == {"sent": 4, "queued": 26}


def test_a_log_does_not_speak_of_reminders(app: Flask, sink: Sink, caplog: pytest.LogCaptureFixture) -> None:
    post.queue("anna@nordlicht.example", kind="reminder")
    post.queue("ben@nordlicht.example", kind="invitation")
    for address in ("anna@nordlicht.example", "ben@nordlicht.example"):
        sink.answers[address] = ["550 no such user"]
    assert deliver(sink, Postman()).given_up == 2
    assert [record.getMessage() for record in caplog.records] == [
        "a letter of kind invitation was not sent: Refused 550"
    ]
    assert list(post.rows(app)) == ["ben@nordlicht.example"]
