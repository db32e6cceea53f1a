"""People without an e-mail address: asked like everyone, never written to, printed for by the operator."""

import re
from datetime import timedelta

import pytest
from cast import GROUPS, MONDAY, Stage, address_of, stage
from flask import Flask
from sqlalchemy import func, select, update

from survey_service import journal
from survey_service.answers.intake import Ballot
from survey_service.engagements import erasure, roster
from survey_service.engagements.roster_csv import Person, roster_to_csv
from survey_service.foundation import clock
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import NotFound
from survey_service.foundation.installation import installation
from survey_service.invitations import helping, on_paper, unreachable
from survey_service.invitations.correcting import TakenAlready, UnknownDomain
from survey_service.outbox.models import Dispatch
from survey_service.scheduler import printing, reminding
from survey_service.waves import again, amend, chain, persons, readdressing
from survey_service.waves import launch as launching
from survey_service.waves.booth import WaveClosed

PIA, PIM = "Pia Press", "Pim Press"
FRIDAY_WEEK = MONDAY + timedelta(days=11)


def put_on(play: Stage, *names: str, group: str = "Operations", language: str = "en") -> None:
    """People without an address join the roster before launch."""
    with transaction():
        new = [Person(name, "", group, language, None) for name in names]
        roster.add_all(play.engagement, new, who="Ines", at=play.at)


@pytest.fixture
def play(app_on_each_database: Flask) -> Stage:
    """Launched, with Pia and Pim on paper."""
    with app_on_each_database.app_context():
        made = stage(app_on_each_database)
        put_on(made, PIA, PIM)
        made.launch()
    return made


def letters_to(name: str) -> int:
    return db.session.scalar(select(func.count()).where(Dispatch.to_name == name)) or 0


def test_they_are_invited_and_counted_and_never_written_to(play: Stage) -> None:
    with play.app.app_context():
        asked = play.invitations()
        assert len(asked) == chain.current(play.wave).stakeholders == sum(GROUPS.values()) + 2
        assert dict(chain.current(play.wave).groups)["Operations"] == GROUPS["Operations"] + 2
        assert [one.remind_at for one in on_paper.invitations(play.wave.id)] == [None, None]
        moved = FRIDAY_WEEK + timedelta(days=4)
        with transaction():
            amend.move_closing(play.scope, play.engagement, moved, at=MONDAY + timedelta(hours=1))
        with transaction():
            db.session.execute(update(Dispatch).values(state="sent"))
        for day in range(1, 16):
            reminding.remind_due(at=MONDAY + timedelta(days=day, minutes=20))
        with transaction():
            assert not helping.send_again(
                on_paper.invitations(play.wave.id)[0], workspace_id=play.scope.workspace_id, at=MONDAY
            )
        assert letters_to(PIA) == letters_to(PIM) == 0
        assert db.session.scalar(select(func.count()).where(Dispatch.kind == "reminder"))


def test_their_pages_hold_their_links_and_what_a_letter_says(play: Stage) -> None:
    with play.app.app_context(), transaction():
        html = printing.printed(
            play.wave, printing.asked(play.wave, (), at=MONDAY), installation(), at=MONDAY
        )
        pages = html.split("<article")[1:]
        tokens = play.tokens()
        assert [re.findall("/a/([^<]+)</code>", page) for page in pages] == [[tokens[PIA]], [tokens[PIM]]]
        said = chain.current(play.wave)
        assert all(words in pages[0] for words in (PIA, said.fingerprint, said.workspace, "<svg"))
        (entry,) = (
            one for one in journal.of_engagement(play.engagement.id) if one.event == "letters printed"
        )
        assert entry.facts == {"wave": 1, "count": 2}


def test_new_links_void_what_was_printed_before_and_a_closed_wave_prints_nothing(play: Stage) -> None:
    with play.app.app_context():
        before = play.tokens()
        with transaction():
            printing.renew(printing.asked(play.wave, ["pia press"], at=MONDAY))
        after = play.tokens()
        assert [name for name in after if before[name] != after[name]] == [PIA]
        with pytest.raises(NotFound):
            printing.asked(play.wave, ["Nobody"], at=MONDAY)
        with pytest.raises(WaveClosed):
            printing.asked(play.wave, (), at=play.wave.closes_at)


@pytest.mark.parametrize("has_answered", [True, False])
def test_whoever_gets_an_address_gets_a_letter_and_reminders_answered_or_not(
    play: Stage, has_answered: bool
) -> None:
    with play.app.app_context():
        pia = on_paper.invitations(play.wave.id)[0]
        printed = play.tokens()[PIA]
        if has_answered:
            play.answer(pia, Ballot(answers={"Q01": 3}, concerns=()))
        with transaction():
            readdressing.readdress(play.wave, pia, "Pia@Nordlicht.example", at=MONDAY + timedelta(hours=2))
        assert address_of(pia) == "pia@nordlicht.example"
        assert play.tokens()["pia@nordlicht.example"] != printed
        assert letters_to(PIA) == 1
        assert pia.remind_at is not None


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("pia@gmail.com", UnknownDomain),
        ("pia@elsewhere.example", UnknownDomain),
        ("operations1@nordlicht.example", TakenAlready),
    ],
)
def test_no_link_goes_to_a_mailbox_outside_the_buyer(
    app: Flask, typed: str, refusal: type[Exception]
) -> None:
    with app.app_context():
        play = stage(app)
        put_on(play, PIA)
        play.launch()
        with pytest.raises(refusal), transaction():
            readdressing.readdress(play.wave, on_paper.invitations(play.wave.id)[0], typed, at=MONDAY)


def test_a_letter_in_wrong_hands_is_told_by_name_and_can_be_put_right(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        put_on(play, PIA, PIM)
        play.launch()
        for _ in range(2):
            with transaction():
                helping.tell_wrong_person(on_paper.invitations(play.wave.id)[1], suggestion="Ben", at=MONDAY)
        (told,) = db.session.scalars(select(Dispatch).where(Dispatch.kind == "wrong-person"))
        assert told.facts["address"] == PIM
        assert [address_of(one) for one in unreachable.invitations(play.wave.id)] == [PIM]


def test_somebody_without_address_joins_later_with_the_sponsors_yes(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        put_on(play, PIA)
        play.launch()
        with pytest.raises(amend.NobodyNew):
            amend.propose_people(
                play.scope, play.engagement, [Person("pia press", "", "Sales", "en", None)], at=MONDAY
            )
        new = [
            Person(PIM, "", "Sales", "en", None),
            Person("Nia", "nia@nordlicht.example", "Sales", "en", None),
        ]
        with transaction():
            amend.propose_people(play.scope, play.engagement, new, at=MONDAY)
        with transaction():
            amend.accept_people(play.engagement, at=MONDAY + timedelta(hours=1))
        assert [address_of(one) for one in play.invitations()][-2:] == [PIM, "nia@nordlicht.example"]
        assert (letters_to(PIM), letters_to("Nia")) == (0, 1)
        assert [one.remind_at is None for one in play.invitations()][-2:] == [True, False]


def test_calling_off_and_erasing_reach_them_too(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        put_on(play, PIA, PIM)
        play.launch()
        assert persons.held("pia press").rosters[0]["asked_in"] == 1
        with transaction():
            erasure.erase(play.engagement, "PIA press", who="operator", at=MONDAY)
        assert [address_of(one) for one in on_paper.invitations(play.wave.id)] == [PIM]
        with transaction():
            again.call_off(play.scope, play.engagement, at=MONDAY)
        assert letters_to(PIM) == 0
        assert db.session.scalar(select(func.count()).where(Dispatch.kind == "wave-cancelled"))


def test_a_name_on_several_lists_erases_nobody(app: Flask) -> None:
    with app.app_context():
        first = stage(app)
        second = stage(app, scope=first.scope, domain="south.example")
        put_on(first, PIA)
        put_on(second, PIA)
        with pytest.raises(persons.SeveralOfThatName):
            persons.erase(PIA, who="Ines", at=MONDAY)


def test_five_of_the_same_names_asked_elsewhere_on_paper_are_the_same_people(app: Flask) -> None:
    with app.app_context():
        first = stage(app)
        first.launch()
        second = stage(app, scope=first.scope, groups={}, domain="south.example")
        put_on(second, *(f"operations {number}" for number in range(1, 7)), group="Shop")
        met = [type(one) for one in launching.obstacles(second.engagement, at=MONDAY)]
        assert launching.AskedTooRecently in met


def test_a_copy_of_the_roster_comes_back_as_it_was(app: Flask) -> None:
    with app.app_context():
        play = stage(app)
        put_on(play, PIA)
        other = stage(app, scope=play.scope, groups={})
        file = roster_to_csv(roster.as_people(roster.people(play.engagement)))
        judged = roster.judge_file(other.engagement, file, refused_domains=())
        assert judged.is_clean
        with transaction():
            roster.add_all(other.engagement, judged.good, who="Ines", at=MONDAY)
        assert roster.sizes(other.engagement) == roster.sizes(play.engagement)
        assert [one.name for one in on_paper.people(other.engagement)] == [PIA]


def test_a_printed_link_opens_every_page_that_others_open(app: Flask) -> None:
    with app.app_context():
        at = clock.now()
        play = stage(app, at=at, closes_at=at + timedelta(days=9))
        put_on(play, PIA)
        play.launch()
        token = play.tokens()[PIA]
    client = app.test_client()
    assert [client.get(f"/a/{token}{page}").status_code for page in ("", "/stop", "/wrong-person")] == [
        200
    ] * 3
    assert client.post(f"/a/{token}/stop", data={"what": "letters"}).status_code == 200
    told = client.post(f"/a/{token}/wrong-person", data={"pass": "on", "who": "Ben"})
    assert told.status_code == 200
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Dispatch.kind == "wrong-person")) == 1
