"""Where Ines is signed in: seen, ended one by one, and over in time."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from visitor import Visitor, reading

from survey_service.foundation.clock import now
from survey_service.foundation.db import db
from survey_service.scheduler.timetable import tick
from survey_service.web import sessions as door
from survey_service.workspaces import sessions
from survey_service.workspaces.models import BrowserSession

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Mobile Safari/604.1"
)


@pytest.fixture
def phone(house: Flask, ines: Visitor) -> Visitor:
    """Ines on her phone as well."""
    visitor = Visitor(house)
    visitor.client.environ_base["HTTP_USER_AGENT"] = PHONE
    visitor.signs_in("ines@hanse.example")
    return visitor


def kept(app: Flask) -> list[BrowserSession]:
    with app.app_context():
        return list(db.session.scalars(select(BrowserSession).order_by(BrowserSession.id)))


def test_each_browser_is_listed_in_words(ines: Visitor, phone: Visitor) -> None:
    page = reading(ines.opens("/desk/account"))
    assert "Safari, iPhone" in page
    assert page.count("last seen") == 2
    assert page.count("(this one)") == 1


def test_one_is_ended_and_the_others_stay(house: Flask, ines: Visitor, phone: Visitor) -> None:
    number = kept(house)[-1].id
    ines.sends("/desk/account", to=f"/desk/account/sessions/{number}/end")
    assert not phone.is_signed_in()
    assert ines.is_signed_in()


def test_a_stranger_ends_nobody_elses(house: Flask, ines: Visitor) -> None:
    carl = Visitor(house)
    carl.signs_in("carl@else.example")
    number = kept(house)[0].id
    assert carl.sends("/desk/account", to=f"/desk/account/sessions/{number}/end").status_code == 302
    assert ines.is_signed_in()


def test_all_others_end_at_once(house: Flask, ines: Visitor, phone: Visitor) -> None:
    ines.sends("/desk/account", to="/desk/account/sign-out-everywhere", everywhere="1")
    assert not phone.is_signed_in()
    assert ines.is_signed_in()
    assert len(kept(house)) == 1


def test_the_operator_signs_one_out_or_everybody(house: Flask, ines: Visitor) -> None:
    carl, run = Visitor(house), house.test_cli_runner().invoke
    carl.signs_in("carl@else.example")
    assert run(args=["survey", "sign-out", "nobody@else.example"]).exit_code == 1
    assert run(args=["survey", "sign-out"]).exit_code == 2
    assert run(args=["survey", "sign-out", "Ines@hanse.example"]).exit_code == 0
    assert (ines.is_signed_in(), carl.is_signed_in()) == (False, True)
    assert "Signed out: 2." in run(args=["survey", "sign-out", "--everybody"]).output
    assert not carl.is_signed_in()


def test_signing_out_ends_it_on_the_server_too(house: Flask, ines: Visitor) -> None:
    """A cookie copied before opens nothing afterwards."""
    cookie = ines.client.get_cookie("session")
    assert cookie
    thief = Visitor(house)
    thief.client.set_cookie("session", cookie.value)
    assert thief.is_signed_in()
    ines.sends("/desk/account", to="/sign-out")
    assert not thief.is_signed_in()
    assert kept(house) == []


def test_signing_in_again_leaves_nothing_of_the_session_before(house: Flask, ines: Visitor) -> None:
    first = kept(house)[0].mark
    cookie = ines.client.get_cookie("session")
    assert cookie
    ines.client.delete_cookie("session")
    ines.signs_in("ines@hanse.example")
    assert kept(house)[-1].mark != first


@pytest.mark.parametrize(
    ("unused", "is_in"), [(timedelta(hours=7), True), (timedelta(hours=8, minutes=6), False)]
)
def test_an_unused_session_ends(
    ines: Visitor, monkeypatch: pytest.MonkeyPatch, unused: timedelta, is_in: bool
) -> None:
    monkeypatch.setattr(door, "now", lambda: now() + unused)
    assert ines.is_signed_in() == is_in


def test_a_session_ends_however_much_it_is_used(ines: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven days, with a look every seven hours."""
    for hours in range(7, 24 * 7, 7):
        monkeypatch.setattr(door, "now", lambda hours=hours: now() + timedelta(hours=hours))
        assert ines.is_signed_in()
    monkeypatch.setattr(door, "now", lambda: now() + timedelta(days=7, minutes=1))
    assert not ines.is_signed_in()


def test_the_clock_forgets_what_is_over(house: Flask, ines: Visitor, phone: Visitor) -> None:
    with house.app_context():
        here = house.extensions["installation"]
        assert tick(here, at=now() + timedelta(hours=1)) == []
        assert len(kept(house)) == 2
        tick(here, at=now() + timedelta(hours=9))
        assert kept(house) == []


def test_pages_within_five_minutes_write_nothing(house: Flask, ines: Visitor) -> None:
    before = kept(house)[0].seen_at
    ines.opens("/desk/")
    assert kept(house)[0].seen_at == before


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/140 Safari/537 Edg/140", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140 Mobile Safari/537.36", "Chrome, Android"),
        (PHONE, "Safari, iPhone"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_what_a_browser_says_of_itself_becomes_two_words(agent: str, words: str) -> None:
    assert sessions.in_words(agent) == words
