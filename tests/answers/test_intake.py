"""The one way in: once, whatever is clicked how often."""

import threading
from collections.abc import Callable

import pytest
from cast import Stage, stage
from flask import Flask
from sqlalchemy import func, select

from survey_service.answers import intake, receipts
from survey_service.answers.intake import AlreadyAnswered, Ballot, ReceiptTaken, Sealed
from survey_service.answers.keys import Opener
from survey_service.answers.models import SheetBox, TextBox
from survey_service.answers.paper import TooLong, read
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import NotFound
from survey_service.foundation.key_directory import KeyMissing
from survey_service.invitations import links as personal
from survey_service.invitations.models import Invitation
from survey_service.waves import booth
from survey_service.waves.booth import Booth, WaveClosed

BALLOT = Ballot(answers={"Q01": 4, "Q02": "na"}, concerns=("K03",), texts=("One", ""))
OTHER = Ballot(answers={"Q01": 1}, concerns=(), texts=("", "Two"))


@pytest.fixture
def play(app: Flask) -> Stage:
    with app.app_context():
        made = stage(app)
        made.launch()
        return made


def deposit(play: Stage, invitation: Invitation, ballot: Ballot, receipt: str) -> None:
    with transaction():
        seat = booth.enter(play.here.links, personal.token(play.here.links, invitation), at=play.at)
        sealed = intake.seal(seat.slot, invitation, ballot)
        intake.deposit(booth.hold_open(seat, at=play.at), invitation, sealed, receipt)


def other(seat: Booth) -> Sealed:
    return intake.seal(seat.slot, seat.invitation, OTHER)


def boxes() -> tuple[int, int]:
    count = [db.session.scalar(select(func.count()).select_from(box)) or 0 for box in (SheetBox, TextBox)]
    return count[0], count[1]


def opened(play: Stage, receipt: str) -> tuple[dict[str, object], dict[str, object]]:
    opener = Opener(play.here.keys, f"wave-{play.wave.key}.key")
    sheet = db.session.get_one(SheetBox, receipts.sheet_id(receipt))
    texts = db.session.get_one(TextBox, receipts.text_id(receipt))
    return read(opener.open(sheet.ciphertext)), read(opener.open(texts.ciphertext))


def test_pat_answers_and_both_boxes_hold_just_that(app: Flask, play: Stage) -> None:
    with app.app_context():
        pat = play.invitations()[0]
        receipt = play.answer(pat, BALLOT)
        sheet, texts = opened(play, receipt)
        assert sheet == {"group": "Operations", "answers": {"Q01": 4, "Q02": "na"}, "concerns": ["K03"]}
        assert texts == {"texts": ["One", ""]}
        assert play.invitations()[0].spent


def test_a_send_that_is_retried_is_counted_once(app: Flask, play: Stage) -> None:
    with app.app_context():
        pat, receipt = play.invitations()[0], receipts.fresh_receipt()
        for _ in range(3):
            deposit(play, pat, BALLOT, receipt)
        assert boxes() == (1, 1)


def test_a_used_link_takes_no_second_sheet(app: Flask, play: Stage) -> None:
    with app.app_context():
        pat = play.invitations()[0]
        play.answer(pat, BALLOT)
        with pytest.raises(AlreadyAnswered):
            play.answer(pat, OTHER)
        assert boxes() == (1, 1)


def test_a_receipt_of_someone_else_does_not_swallow_a_sheet(app: Flask, play: Stage) -> None:
    with app.app_context():
        pat, quinn = play.invitations()[:2]
        receipt = play.answer(pat, BALLOT)
        with pytest.raises(ReceiptTaken):
            deposit(play, quinn, OTHER, receipt)
        assert not play.invitations()[1].spent


def test_replacing_reaches_sheet_and_texts(app: Flask, play: Stage) -> None:
    with app.app_context():
        pat = play.invitations()[0]
        receipt = play.answer(pat, BALLOT)
        with transaction():
            seat = booth.enter(play.here.links, personal.token(play.here.links, pat), at=play.at)
            assert intake.replace(booth.hold_open(seat, at=play.at), pat, other(seat), receipt)
        sheet, texts = opened(play, receipt)
        assert (sheet["answers"], texts["texts"]) == ({"Q01": 1}, ["", "Two"])


def test_an_unused_link_replaces_nobodys_answers(app: Flask, play: Stage) -> None:
    with app.app_context():
        pat, quinn = play.invitations()[:2]
        receipt = play.answer(pat, BALLOT)
        with transaction():
            seat = booth.enter(play.here.links, personal.token(play.here.links, quinn), at=play.at)
            assert not intake.replace(booth.hold_open(seat, at=play.at), quinn, other(seat), receipt)
        assert opened(play, receipt)[0]["answers"] != {"Q01": 1}


def test_withdrawing_leaves_nothing_and_looks_like_never_having_been(app: Flask, play: Stage) -> None:
    with app.app_context():
        pat = play.invitations()[0]
        receipt = play.answer(pat, BALLOT)
        seat = booth.enter(play.here.links, personal.token(play.here.links, pat), at=play.at)
        with transaction():
            assert intake.withdraw(booth.hold_open(seat, at=play.at), receipt)
        assert boxes() == (0, 0)
        assert not intake.is_counted(play.wave.id, receipt)
        with transaction():
            assert not intake.withdraw(booth.hold_open(seat, at=play.at), receipt)
            assert not intake.replace(booth.hold_open(seat, at=play.at), pat, other(seat), receipt)


def test_nothing_is_taken_at_or_after_the_closing_time(app: Flask, play: Stage) -> None:
    with app.app_context(), pytest.raises(WaveClosed):
        play.answer(play.invitations()[0], BALLOT, at=play.wave.closes_at)


def test_without_its_keys_the_installation_takes_nothing(app: Flask, play: Stage) -> None:
    with app.app_context():
        pat = play.invitations()[0]
        (play.here.keys.path / "link.key").rename(play.here.keys.path / "moved.key")
        with pytest.raises(KeyMissing):
            play.answer(pat, BALLOT)
        assert boxes() == (0, 0)


def test_a_link_whose_version_was_raised_is_void(app: Flask, play: Stage) -> None:
    with app.app_context():
        pat = play.invitations()[0]
        token = personal.token(play.here.links, pat)
        with transaction():
            pat.link_version += 1
        with pytest.raises(NotFound):
            booth.enter(play.here.links, token, at=play.at)


@pytest.mark.parametrize("token", ["", "x", "A" * 24, "é" * 24, "A" * 5000, "AAAA AAAA AAAA AAAA AAAA"])
def test_a_token_that_matches_nothing_is_not_found(app: Flask, play: Stage, token: str) -> None:
    with app.app_context(), pytest.raises(NotFound):
        booth.enter(play.here.links, token, at=play.at)


def test_text_beyond_the_room_of_the_terms_is_refused_before_anything_is_spent(
    app: Flask, play: Stage
) -> None:
    with app.app_context():
        with pytest.raises(TooLong):
            play.answer(play.invitations()[0], Ballot({}, (), ("🚲" * 2000, "")))
        assert boxes() == (0, 0)
        assert not play.invitations()[0].spent


def test_one_link_in_two_browsers_at_the_same_moment_gives_one_deposit(app_on_each_database: Flask) -> None:
    app = app_on_each_database
    with app.app_context():
        made = stage(app)
        made.launch()
        identity = [one.id for one in made.invitations()]
        at = made.at
    for invitation_id in identity[:10]:
        results = together(lambda chosen=invitation_id: _send(app, chosen, at), 2)  # type: ignore[misc]
        assert sorted(results) == ["AlreadyAnswered", "taken"]
    with app.app_context():
        assert boxes() == (10, 10)


def _send(app: Flask, invitation_id: int, at: object) -> str:
    with app.app_context():
        here = app.extensions["installation"]
        try:
            with transaction():
                invitation = db.session.get_one(Invitation, invitation_id)
                seat = booth.enter(here.links, personal.token(here.links, invitation), at=at)  # type: ignore[arg-type]
                slot = booth.hold_open(seat, at=at)  # type: ignore[arg-type]
                sealed = intake.seal(slot, invitation, BALLOT)
                intake.deposit(slot, invitation, sealed, receipts.fresh_receipt())
        except AlreadyAnswered:
            return "AlreadyAnswered"
        return "taken"


def together(work: Callable[[], str], count: int) -> list[str]:
    """The same work in several threads that start at one moment."""
    barrier, results = threading.Barrier(count), []

    def run() -> None:
        barrier.wait()
        results.append(work())

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
