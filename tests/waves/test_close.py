"""At the closing time, and only then, boxes become one document; whatever dies, nothing is lost."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from cast import Stage, stage
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from survey_service.answers.intake import Ballot
from survey_service.answers.models import HeldText, SheetBox, TextBox
from survey_service.foundation.db import db, transaction
from survey_service.foundation.key_directory import KeyDirectory
from survey_service.journal import Entry
from survey_service.reports import publish
from survey_service.waves import close, handover, keeping
from survey_service.waves.models import Appendix, Release, Wave

YES = Ballot(
    answers={f"Q{number:02d}": 5 for number in range(1, 25)}, concerns=("K01",), texts=("Time.", "Nights.")
)


def answered(app: Flask, count: int, *, sponsor: bool = True) -> Stage:
    play = stage(app, sponsor=sponsor)
    play.launch()
    for invitation in play.invitations()[:count]:
        play.answer(invitation, YES)
    return play


def close_now(play: Stage) -> int:
    return close.close_due(play.here.keys, at=play.wave.closes_at + timedelta(seconds=1))


def document(play: Stage) -> dict[str, Any]:
    stored = db.session.scalar(select(Release.document).where(Release.wave_id == play.wave.id))
    assert stored is not None
    found = json.loads(stored)
    assert isinstance(found, dict)
    return found


def test_nothing_is_opened_before_the_closing_time(app: Flask) -> None:
    with app.app_context():
        play = answered(app, 10)
        assert close.close_due(play.here.keys, at=play.wave.closes_at - timedelta(seconds=1)) == 0
        assert db.session.scalar(select(func.count()).select_from(SheetBox)) == 10


def test_a_closed_wave_leaves_one_document_and_no_key(app_on_each_database: Flask) -> None:
    with app_on_each_database.app_context():
        play = answered(app_on_each_database, 20)
        assert close_now(play) == 1
        told = document(play)
        assert (told["stakeholders"], told["answered"], told["k"]) == (22, 20, 5)
        assert told["terms"] == play.wave.terms_sha256
        assert not play.here.keys.holds(f"wave-{play.wave.key}.key")
        assert close_now(play) == 0


def test_four_answers_are_too_few_and_say_nothing_else(app: Flask) -> None:
    with app.app_context():
        play = answered(app, 4)
        close_now(play)
        told = document(play)
        assert told["too_few"] is True
        assert {"answered", "questions", "parts", "concerns"} & set(told) == set()


def test_a_damaged_box_is_left_out_counted_and_stops_nobody(app: Flask) -> None:
    with app.app_context():
        play = answered(app, 10)
        with transaction():
            victim = db.session.scalars(select(SheetBox.id)).first()
            db.session.execute(update(SheetBox).where(SheetBox.id == victim).values(ciphertext=b"\0" * 300))
        close_now(play)
        assert document(play)["answered"] == 9


def test_closing_that_died_after_the_claim_is_taken_up_again(app: Flask) -> None:
    with app.app_context():
        play = answered(app, 10)
        with transaction():
            play.wave.state = "closing"
        assert close_now(play) == 1
        assert document(play)["answered"] == 10


def test_closing_that_died_before_the_key_was_destroyed_is_finished(app: Flask) -> None:
    with app.app_context():
        play = answered(app, 10)
        close.close(play.wave.id, play.here.keys, at=play.wave.closes_at)
        assert play.here.keys.holds(f"wave-{play.wave.key}.key")
        close_now(play)
        assert not play.here.keys.holds(f"wave-{play.wave.key}.key")
        assert document(play)["answered"] == 10


def test_a_missing_key_closes_nothing_and_destroys_nothing(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        play = answered(app, 10)
        file = play.here.keys.path / f"wave-{play.wave.key}.key"
        kept = file.rename(file.with_name("elsewhere"))
        assert close_now(play) == 0
        assert "cannot be closed: key missing" in caplog.text
        assert db.session.scalar(select(func.count()).select_from(SheetBox)) == 10
        kept.rename(file)
        assert close_now(play) == 1


def test_the_sponsor_reads_first_and_the_seller_after_their_word(app: Flask) -> None:
    with app.app_context():
        play = answered(app, 10)
        with pytest.raises(publish.NotClosedYet):
            publish.for_sponsor(play.engagement)
        close_now(play)
        after = play.wave.closes_at + timedelta(days=1)
        assert publish.for_sponsor(play.engagement)["waves"]
        with pytest.raises(publish.NotReleasedYet):
            publish.for_seller(play.engagement, at=after)
        with transaction():
            handover.release_to_seller(play.wave, who="sponsor", at=after)
        assert publish.for_seller(play.engagement, at=after) == publish.for_sponsor(play.engagement)


def test_the_seller_reads_after_seven_days_by_itself(app: Flask) -> None:
    with app.app_context():
        play = answered(app, 10)
        close_now(play)
        with transaction():
            assert handover.hand_over_due(at=play.wave.closes_at + timedelta(days=6)) == 0
            assert handover.hand_over_due(at=play.wave.closes_at + timedelta(days=8)) == 1
        assert publish.for_seller(play.engagement, at=play.wave.closes_at)["waves"]


def test_without_a_sponsor_the_seller_reads_at_close_and_nobody_was_asked_to_write(app: Flask) -> None:
    with app.app_context():
        play = answered(app, 10, sponsor=False)
        close_now(play)
        told = publish.for_seller(play.engagement, at=play.wave.closes_at)
        assert [part["part"] for part in told["waves"][0]["parts"]] == ["Organisation"]
        assert db.session.scalar(select(func.count()).select_from(HeldText)) == 0


def test_texts_wait_sealed_for_the_sponsor_and_only_what_they_let_through_is_published(app: Flask) -> None:
    with app.app_context():
        play = answered(app, 6)
        close_now(play)
        assert db.session.scalar(select(func.count()).select_from(TextBox)) == 0
        assert all(b"Nights" not in one for one in db.session.scalars(select(HeldText.ciphertext)))
        texts = handover.texts_to_review(play.wave, play.here.keys)
        assert (
            sorted((one.question, one.text) for one in texts)
            == [("text1", "Time.")] * 6 + [("text2", "Nights.")] * 6
        )
        hidden = {one.id for one in texts if one.question == "text2"}
        with transaction():
            assert handover.publish_texts(play.wave, play.here.keys, hidden=hidden, at=play.at) == 6
        told = publish.for_sponsor(play.engagement)["waves"][0]
        assert told["appendix"]["texts"] == {"text1": ["Time."] * 6}
        assert db.session.scalar(select(func.count()).select_from(HeldText)) == 0
        assert handover.destroy_read_keys(play.here.keys) == 1
        assert not play.here.keys.holds(f"review-{play.wave.key}.key")


def test_fewer_texts_than_k_are_read_by_nobody(app: Flask) -> None:
    with app.app_context():
        play = answered(app, 4)
        play.answer(play.invitations()[5], Ballot(answers={"Q01": 2}, concerns=()))
        close_now(play)
        assert handover.texts_to_review(play.wave, play.here.keys) == []


def test_texts_nobody_read_are_gone_after_thirty_days(app: Flask) -> None:
    with app.app_context():
        play = answered(app, 6)
        close_now(play)
        with transaction():
            assert handover.forget_unread(at=play.wave.closes_at + timedelta(days=31)) == 1
        assert handover.texts_to_review(play.wave, play.here.keys) == []
        assert db.session.scalar(select(func.count()).select_from(Appendix)) == 0


def test_two_clocks_that_close_at_once_make_one_report_and_one_line_each(
    app_on_each_database: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app = app_on_each_database
    with app.app_context():
        play = answered(app, 10)
        keys, at = play.here.keys, play.wave.closes_at
        db.session.commit()
    start, faults = threading.Barrier(3), []

    def tick() -> None:
        with app.app_context():
            start.wait()
            try:
                close.close_due(keys, at=at)
            except Exception as fault:
                faults.append(fault)

    clocks = [threading.Thread(target=tick) for _ in range(3)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    with app.app_context():
        close.close_due(keys, at=at + timedelta(minutes=1))
        assert document(play)["answered"] == 10
        events = list(db.session.scalars(select(Entry.event)))
        assert (events.count("closed"), events.count("key destroyed")) == (1, 1)
        assert not [fault for fault in faults if not isinstance(fault, OperationalError)]
        assert "cannot be closed" not in caplog.text


def test_a_clock_overtaken_between_its_look_at_the_key_and_its_use_lets_the_other_have_it(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = keeping.examine

    def look_and_be_overtaken(wave: Wave, keys: KeyDirectory) -> str | None:
        found = look(wave, keys)
        monkeypatch.setattr(keeping, "examine", look)
        close.close_due(keys, at=wave.closes_at)
        return found

    with app.app_context():
        play = answered(app, 10)
        monkeypatch.setattr(keeping, "examine", look_and_be_overtaken)
        assert close.close_due(play.here.keys, at=play.wave.closes_at) == 0
        assert document(play)["answered"] == 10
        assert "cannot be closed" not in caplog.text
