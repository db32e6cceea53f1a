"""Rules of publication 5, 11 to 15 and 17: what is frozen, told beforehand, and who reads when."""

import hashlib
import re
from datetime import timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from cast import CLOSES, MONDAY, Stage, stage, workspace
from click.testing import Result
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from visitor import at_the_desk, reading
from web.respondent.paper_browser import PaperBrowser

from survey_service.answers.intake import Ballot
from survey_service.engagements import roster
from survey_service.engagements import sponsor as sponsors
from survey_service.foundation import clock
from survey_service.foundation.db import db, transaction
from survey_service.outbox.mailbox import Mailbox
from survey_service.reports import publish
from survey_service.scheduler import timetable
from survey_service.waves import chain, handover, participation
from survey_service.waves.launch import APART, AskedTooRecently, WaveTooSoon, obstacles

BERLIN = ZoneInfo("Europe/Berlin")
PAT = "operations1@nordlicht.example"
SAME = Ballot(answers={f"Q{number:02d}": 4 for number in range(1, 25)}, concerns=("K01",))


def launched(app: Flask, *, sponsor: bool = True) -> Stage:
    """Launched just now, open for eleven days."""
    now = clock.now()
    play = stage(app, at=now, closes_at=now + timedelta(days=11), sponsor=sponsor)
    play.launch()
    return play


def closed(app: Flask, *, sponsor: bool = True) -> Stage:
    play = stage(app, sponsor=sponsor)
    play.launch()
    for invitation in play.invitations():
        play.answer(invitation, SAME)
    timetable.tick(play.here, at=CLOSES + timedelta(minutes=1))
    return play


def test_rule_05_before_close_answers_are_seen_in_steps_once_a_day(app: Flask) -> None:
    with app.app_context():
        play = launched(app)
        seen = []
        for number, invitation in enumerate(play.invitations()):
            play.answer(invitation, SAME, at=play.at + timedelta(minutes=number))
            with transaction():
                participation.refresh_due(at=play.at + timedelta(minutes=number))
            seen.append(play.wave.participation)
        assert len(set(seen)) == 1  # refreshed with the first answer, and then not before tomorrow
        with transaction():
            participation.refresh_due(at=play.at + timedelta(days=1))
        assert participation.said(play.wave.participation, 22) == "most have answered"


def test_rule_05_the_sellers_page_shows_nothing_by_group_before_close(app: Flask) -> None:
    with app.app_context():
        play = launched(app)
    ines = at_the_desk(app)
    before = reading(ines.opens(f"/desk/engagements/{play.key}"))
    with app.app_context():
        for invitation in play.invitations()[:8]:
            play.answer(invitation, SAME)
    assert reading(ines.opens(f"/desk/engagements/{play.key}")) == before
    assert "fewer than 5 answers" in before


@pytest.mark.parametrize("change", ["terms = key", "terms_sha256 = key", "launched_at = closes_at"])
def test_rule_11_what_was_frozen_cannot_be_changed_in_the_tables(
    app_on_each_database: Flask, change: str
) -> None:
    with app_on_each_database.app_context():
        play = launched(app_on_each_database)
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(text(f"UPDATE wave SET {change}"))
        db.session.rollback()
        terms = chain.current(play.wave)
        assert hashlib.sha256(terms.canonical.encode()).hexdigest() == play.wave.terms_sha256


def test_rule_11_one_fingerprint_stands_in_the_letter_the_page_and_the_report(app: Flask) -> None:
    with app.app_context():
        play = launched(app)
        fingerprint = chain.current(play.wave).fingerprint
        timetable.tick(play.here, at=clock.now())
        told = next(one for one in letters(play) if one["To"] and PAT in one["To"])
        link = "/a/" + play.tokens()[PAT]
        sha256 = play.wave.terms_sha256
    assert fingerprint in words(told)
    pat = PaperBrowser(app)
    pat.open(link)
    assert fingerprint in pat.text
    assert sha256.startswith(fingerprint.replace(" ", ""))


def test_rule_12_the_sellers_own_people_stand_on_no_roster_and_sponsor_nothing(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        rows = b"name,e-mail,group\nBo,bo@hanse.example,Sales\n"
        judged = roster.judge_file(play.engagement, rows, refused_domains={"hanse.example"})
        assert not judged.good
        with pytest.raises(sponsors.FromTheSeller):
            sponsors.name_sponsor(play.engagement, name="Bo", email="bo@mail.hanse.example")
        db.session.rollback()


def test_rules_12_and_13_pat_is_told_beforehand_how_many_are_asked_and_where_answers_appear(
    app: Flask,
) -> None:
    assert_told(app, PAT, "22 people", "8 of them are in Operations", "at least 5 people together")


def test_rule_12_the_page_counts_the_people_asked(app: Flask) -> None:
    assert_told(app, "legal1@nordlicht.example", "22 people", "2 of them are in Legal")


def test_rule_13_someone_of_a_small_group_is_told_with_whom_they_stand_together(app: Flask) -> None:
    assert_told(app, "legal1@nordlicht.example", "together with those of other groups (Finance)")


def assert_told(app: Flask, email: str, *facts: str) -> None:
    with app.app_context():
        link = "/a/" + launched(app).tokens()[email]
    browser = PaperBrowser(app)
    browser.open(link)
    page = re.sub(r"<[^>]+>", "", browser.text)
    assert not [fact for fact in facts if fact not in page]


def test_rule_14_a_reminder_asks_for_no_reply_and_leaves_no_trace_a_seller_could_see(app: Flask) -> None:
    with app.app_context():
        play = launched(app)
        for invitation in play.invitations()[:10]:
            play.answer(invitation, SAME)
        timetable.tick(play.here, at=play.at + timedelta(minutes=5))
    ines = at_the_desk(app)
    before = [reading(ines.opens(f"/desk{page}")) for page in ("", f"/engagements/{play.key}")]
    with app.app_context():
        sent = len(letters(play))
        for quarter in range(5 * 24 * 4):
            at = play.at + timedelta(minutes=15 * quarter)
            if at.astimezone(BERLIN).hour in (9, 10):
                timetable.run(REMIND, play.here, at=at)
                timetable.run(DELIVER, play.here, at=at)
        reminders = letters(play)[:-sent]
    assert len({one["To"] for one in reminders}) == len(reminders) == 12  # those whose link is unused
    assert {one["Auto-Submitted"] for one in reminders} == {"auto-generated"}
    assert {one["X-Auto-Response-Suppress"] for one in reminders} == {"All"}
    after = [reading(ines.opens(f"/desk{page}")) for page in ("", f"/engagements/{play.key}")]
    assert after == before


REMIND, DELIVER = (
    next(one for one in timetable.TIMETABLE if one.name == name) for name in ("remind", "deliver letters")
)


def test_rule_15_waves_of_one_engagement_lie_a_fortnight_apart(app: Flask) -> None:
    with app.app_context():
        play = closed(app)
        released = handover.release_of(play.wave)
        assert released is not None
        early = released.released_at + APART - timedelta(seconds=1)
        assert any(isinstance(one, WaveTooSoon) for one in obstacles(play.engagement, at=early))
        later = early + timedelta(seconds=1)
        assert not any(isinstance(one, WaveTooSoon) for one in obstacles(play.engagement, at=later))


@pytest.mark.parametrize(("shared", "refused"), [(4, False), (5, True)])
def test_rule_15_a_wave_of_five_or_more_of_the_same_people_is_refused(
    app: Flask, shared: int, refused: bool
) -> None:
    with app.app_context():
        scope = workspace()
        stage(app, scope=scope, sponsor=False, groups={"Sales": 8}).launch()
        other = stage(app, scope=scope, sponsor=False, groups={"Sales": shared, "Legal": 9})
        found = obstacles(other.engagement, at=MONDAY)
        assert any(isinstance(one, AskedTooRecently) for one in found) == refused


def test_rule_17_the_sponsor_reads_first_and_the_seller_on_their_word_or_after_seven_days(
    app: Flask,
) -> None:
    with app.app_context():
        play = closed(app)
        soon = CLOSES + timedelta(days=7)
        assert publish.for_sponsor(play.engagement)["waves"]
        with pytest.raises(publish.NotReleasedYet):
            publish.for_seller(play.engagement, at=soon)
        assert publish.for_seller(play.engagement, at=soon + timedelta(minutes=1))["waves"]
        with transaction():
            handover.release_to_seller(play.wave, who="Sam", at=CLOSES + timedelta(hours=1))
        assert publish.for_seller(play.engagement, at=CLOSES + timedelta(hours=1))["waves"]


@pytest.mark.parametrize("command", ["audit", "report"])
def test_rule_17_no_command_reads_a_report_before_the_seller_may(app: Flask, command: str) -> None:
    with app.app_context():
        play = closed(app)
    done: Result = app.test_cli_runner().invoke(args=["survey", command, play.key])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "The sponsor reads the report first." in done.stderr


def test_rule_17_no_page_or_file_shows_it_to_the_seller_before(app: Flask) -> None:
    with app.app_context():
        play = closed(app)
    ines = at_the_desk(app)
    base = f"/desk/engagements/{play.key}"
    for address in ("/report", "/report.json", "/report.csv", "/report.pdf", "/shares"):
        assert "The sponsor reads the report first" in reading(ines.opens(base + address)), address


def letters(play: Stage) -> list[EmailMessage]:
    """Every letter that has left, newest first."""
    box = Mailbox(play.here.settings.data_dir / "mailbox")
    return [box.read(kept.name) for kept in box.letters()]


def words(letter: EmailMessage) -> str:
    """Its plain text on one line."""
    body = letter.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())
