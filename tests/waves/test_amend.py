"""What may still change after launch: three things, each announced to all, each hashed onto the last."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import post
import pytest
from cast import CLOSES, MONDAY, Stage, people, stage, workspace
from flask import Flask
from sqlalchemy import select

from survey_service.answers.intake import Ballot
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement, Stakeholder
from survey_service.engagements.roster_check import Person
from survey_service.engagements.sponsor import FromTheSeller
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import NotAllowed
from survey_service.invitations.models import Invitation
from survey_service.outbox.models import Dispatch
from survey_service.scheduler import letters, timetable
from survey_service.waves import amend, chain, verify
from survey_service.waves.launch import AskedTooRecently
from survey_service.waves.terms import Terms

LATER = CLOSES + timedelta(days=3)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def play(app: Flask) -> Stage:
    with app.app_context():
        made = stage(app)
        made.launch()
    return made


def now_stands(play: Stage) -> Terms:
    return chain.current(play.wave)


def moved(play: Stage, to: datetime = LATER, at: datetime = TUESDAY) -> None:
    with transaction():
        amend.move_closing(play.scope, play.engagement, to, at=at)


def newcomers(group: str = "Legal", count: int = 2) -> list[Person]:
    return [one._replace(email=f"new-{one.email}") for one in people({group: count})]


def proposed(play: Stage, new: list[Person]) -> None:
    with transaction():
        amend.propose_people(play.scope, play.engagement, new, at=TUESDAY)


def kinds_to(address: str) -> list[str]:
    chosen = select(Dispatch.kind).where(Dispatch.to_address == address).order_by(Dispatch.id)
    return list(db.session.scalars(chosen))


def rendered(play: Stage, kind: str, to: str) -> str:
    chosen = select(Dispatch).where(Dispatch.kind == kind, Dispatch.to_address == to)
    letter = post.read(letters.renderer(play.here, at=TUESDAY)(db.session.scalars(chosen).one()))
    body = letter.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


@pytest.mark.parametrize(
    ("announced", "earliest"),
    [
        ((30, 11, 0), (2, 12)),  # Monday -> Wednesday
        ((3, 12, 0), (7, 12)),  # Thursday -> Monday
        ((4, 12, 0), (8, 12)),  # Friday -> Tuesday
        ((5, 12, 0), (8, 12)),  # Saturday -> Tuesday
    ],
)
def test_two_working_days_are_counted_without_weekends(
    announced: tuple[int, int, int], earliest: tuple[int, int]
) -> None:
    day, month, hour = announced
    found = amend.earliest_closing(datetime(2026, month, day, hour + 9, tzinfo=UTC), "Europe/Berlin")
    assert (found.day, found.month, found.hour) == (*earliest, 10)


def test_the_closing_time_moves_once_and_everyone_is_told(app: Flask, play: Stage) -> None:
    with app.app_context():
        before = now_stands(play)
        moved(play)
        after = now_stands(play)
        assert play.wave.closes_at == after.closes_at == LATER
        assert after.sha256 != before.sha256
        assert after.canonical == before.canonical
        assert chain.changes(after)[0].previous == before.sha256
        told = set(db.session.scalars(select(Dispatch.to_address).where(Dispatch.kind == "terms-amended")))
        assert told == {*play.tokens(), "sam@nordlicht.example"}
        words = rendered(play, "terms-amended", "legal1@nordlicht.example")
        for said in ("Monday, 14 December 2026", before.fingerprint, after.fingerprint):
            assert said in words
        with pytest.raises(amend.MovedAlready):
            moved(play, LATER + timedelta(days=1))


def test_the_closing_time_may_come_nearer_but_not_too_near(app: Flask, play: Stage) -> None:
    with app.app_context():
        with pytest.raises(amend.ClosesTooEarly, match="Thursday, 3 December"):
            moved(play, TUESDAY + timedelta(days=1))
        with pytest.raises(amend.SameClosing):
            moved(play, play.wave.closes_at)
        moved(play, TUESDAY + timedelta(days=2))
        assert play.wave.closes_at == TUESDAY + timedelta(days=2)


def test_answers_are_taken_until_the_new_time_and_counted_then(app: Flask, play: Stage) -> None:
    with app.app_context():
        moved(play)
        late = CLOSES + timedelta(days=1)
        for invitation in play.invitations()[:6]:
            play.answer(invitation, Ballot({"Q01": 4}, ()), at=late)
        timetable.tick(play.here, at=CLOSES + timedelta(hours=1))
        assert play.wave.state == "open"
        timetable.tick(play.here, at=LATER + timedelta(minutes=1))
        assert play.wave.state == "released"


def test_reminders_follow_the_new_closing_time_and_go_to_unused_links_only(app: Flask, play: Stage) -> None:
    with app.app_context():
        used, unused = play.invitations()[:2]
        play.answer(used, Ballot({"Q01": 4}, ()))
        moved(play, to=LATER + timedelta(days=2), at=CLOSES - timedelta(hours=2))
        db.session.expire_all()
        assert used.remind_at is None
        assert unused.remind_at is not None
        assert CLOSES + timedelta(days=3) < unused.remind_at < LATER + timedelta(days=2)


def test_people_join_only_with_the_sponsors_yes(app: Flask, play: Stage) -> None:
    with app.app_context():
        old = set(play.tokens())
        proposed(play, newcomers())
        assert set(play.tokens()) == old
        assert "2 people" in rendered(play, "sponsor-people", "sam@nordlicht.example")
        with transaction():
            amend.accept_people(play.engagement, at=TUESDAY)
        terms = now_stands(play)
        assert dict(terms.groups)["Legal"] == 4
        assert terms.stakeholders == len(play.invitations()) == 24
        new = set(play.tokens()) - old
        assert len(new) == 2
        assert all(kinds_to(one) == ["invitation"] for one in new)
        assert all(kinds_to(one) == ["invitation", "terms-amended"] for one in old)
        assert terms.fingerprint in rendered(play, "invitation", min(new))
        assert verify.faults(play.wave) == []


def test_the_sponsors_no_leaves_everything_as_it_was(app: Flask, play: Stage) -> None:
    with app.app_context():
        before = now_stands(play)
        proposed(play, newcomers())
        with transaction():
            amend.decline_people(play.engagement, at=TUESDAY)
        assert now_stands(play) == before
        assert amend.proposal_of(play.wave) is None
        with pytest.raises(amend.NothingProposed), transaction():
            amend.accept_people(play.engagement, at=TUESDAY)


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        (newcomers("Board"), amend.UnknownGroups),
        (list(people({"Legal": 1})), amend.NobodyNew),
        (newcomers(count=1) * 2, amend.NobodyNew),
        ([], amend.NobodyNew),
    ],
)
def test_who_cannot_be_added(app: Flask, play: Stage, new: list[Person], refusal: type[Exception]) -> None:
    with app.app_context(), pytest.raises(refusal):
        proposed(play, new)


def test_nobody_is_added_where_there_is_no_sponsor(app: Flask) -> None:
    with app.app_context():
        play = stage(app, sponsor=False)
        play.launch()
        with pytest.raises(amend.NoSponsorToAgree):
            proposed(play, newcomers())
        with pytest.raises(amend.NoSponsorToAgree), transaction():
            amend.replace_sponsor(
                play.scope, play.engagement, name="Eve", email="eve@nordlicht.example", at=TUESDAY
            )


def test_people_of_another_wave_cannot_be_slipped_in(app: Flask) -> None:
    with app.app_context():
        scope = workspace()
        stage(app, scope=scope, groups={"Board": 5}, sponsor=False).launch()
        play = stage(app, scope=scope, groups={"Sales": 8, "Board": 4})
        with transaction():
            for person in db.session.scalars(
                select(Stakeholder).where(Stakeholder.engagement_id == play.engagement.id)
            ):
                person.email = f"other-{person.email}"
        play.launch()
        with pytest.raises(AskedTooRecently):
            proposed(play, list(people({"Board": 5})))


def test_a_sponsor_is_replaced_and_the_old_link_is_void(app: Flask, play: Stage) -> None:
    with app.app_context():
        old = sponsors.of(play.engagement)
        assert old is not None
        old_link = old.link
        with transaction():
            amend.replace_sponsor(
                play.scope, play.engagement, name="Ada", email="ada@nordlicht.example", at=TUESDAY
            )
        assert sponsors.by_link(old_link) is None
        assert now_stands(play).sponsor == "Ada"
        assert kinds_to("ada@nordlicht.example") == ["terms-amended", "sponsor-named"]
        assert kinds_to("sam@nordlicht.example") == ["terms-amended"]
        assert "Ada is the sponsor from now on" in rendered(play, "terms-amended", "sam@nordlicht.example")
        assert "/s/" in rendered(play, "sponsor-named", "ada@nordlicht.example")
        assert verify.faults(play.wave) == []


@pytest.mark.parametrize(
    ("email", "refusal"),
    [("sam@nordlicht.example", amend.SameSponsor), ("bo@hanse.example", FromTheSeller)],
)
def test_who_cannot_become_the_sponsor(app: Flask, play: Stage, email: str, refusal: type[Exception]) -> None:
    with app.app_context(), pytest.raises(refusal), transaction():
        amend.replace_sponsor(play.scope, play.engagement, name="X", email=email, at=TUESDAY)


def test_amendments_make_one_chain(app: Flask, play: Stage) -> None:
    with app.app_context():
        moved(play)
        proposed(play, newcomers())
        with transaction():
            amend.accept_people(play.engagement, at=TUESDAY)
        terms = now_stands(play)
        assert [one.number for one in chain.changes(terms)] == [1, 2]
        assert chain.changes(terms)[1].previous == chain.rows(play.wave)[0].sha256
        assert terms.sha256 == chain.rows(play.wave)[1].sha256


def test_a_viewer_amends_nothing_and_nobody_does_after_the_closing_time(app: Flask, play: Stage) -> None:
    with app.app_context():
        viewer = replace(play.scope, role="viewer")
        with pytest.raises(NotAllowed):
            amend.move_closing(viewer, play.engagement, LATER, at=TUESDAY)
        with pytest.raises(amend.NotOpen):
            moved(play, at=CLOSES)


def test_no_proposal_outlives_its_wave(app: Flask, play: Stage) -> None:
    with app.app_context():
        proposed(play, newcomers())
        timetable.tick(play.here, at=CLOSES + timedelta(minutes=1))
        assert amend.proposal_of(play.wave) is None


def test_the_letter_says_the_same_to_whoever_has_answered_and_whoever_has_not(
    app: Flask, play: Stage
) -> None:
    with app.app_context():
        play.answer(play.invitations()[0], Ballot({"Q01": 4}, ()))
        moved(play)
        tokens = play.tokens()
        said = {
            rendered(play, "terms-amended", address).replace(tokens[address], "LINK").partition(",")[2]
            for address in ("operations1@nordlicht.example", "operations2@nordlicht.example")
        }
        assert len(said) == 1
        assert db.session.scalars(select(Engagement)).one().closes_at == LATER
        assert db.session.scalars(select(Invitation.spent).where(Invitation.spent)).all() == [True]
