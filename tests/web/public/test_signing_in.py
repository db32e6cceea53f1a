"""Signing in and out, and getting in again without the password."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from visitor import PASSWORD, Visitor, account, letters, link, reading

from survey_service.foundation.db import transaction
from survey_service.workspaces import links, making, passwords


def test_a_wrong_password_and_an_unknown_address_look_the_same(house: Flask) -> None:
    pages = []
    for email in ("ines@hanse.example", "nobody@hanse.example"):
        answer = Visitor(house).signs_in(email, "not the password")
        pages.append((answer.status_code, reading(answer)))
        assert f'value="{email}"' in answer.text
    assert pages[0] == pages[1]
    assert "do not fit together" in pages[0][1]


@pytest.mark.usefixtures("real_hashes")
def test_an_unknown_address_takes_as_much_hashing_as_a_known_one() -> None:
    """The hash that stands in for nobody's has today's parameters."""
    assert not passwords.is_outdated(passwords._NOBODY)
    assert not passwords.fits("anything", None)


def test_an_address_may_be_typed_in_capitals(house: Flask) -> None:
    assert Visitor(house).signs_in(" Ines@Hanse.Example ").location == "/desk"


def test_an_unconfirmed_address_is_told_so_and_may_have_the_letter_again(house: Flask) -> None:
    nora = Visitor(house)
    nora.sends("/sign-up", name="Nora", email="nora@new.example", workspace="New", password=PASSWORD)
    assert "do not fit together" in reading(nora.signs_in("nora@new.example", "not the password"))
    answer = nora.signs_in("nora@new.example")
    assert "Your address is not confirmed yet" in reading(nora.opens(answer.location))
    assert not nora.is_signed_in()
    nora.sends(answer.location)
    assert letters(house, "nora@new.example") == ["confirm-address", "confirm-address"]


def test_after_signing_in_one_is_where_one_was_going(house: Flask) -> None:
    visitor = Visitor(house)
    turned = visitor.client.get("/desk/members?page=2")
    assert turned.location == "/sign-in?next=/desk/members?page%3D2"
    answer = visitor.sends(turned.location, email="ines@hanse.example", password=PASSWORD)
    assert answer.location == "/desk/members?page=2"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://bad.example",
        "//bad.example",
        "/%5Cbad.example",
        "%5C%5Cbad.example",
        "/%09/bad.example",
        "javascript:alert(1)",
        "bad.example",
        "",
    ],
)
def test_nobody_is_sent_to_another_site(house: Flask, elsewhere: str) -> None:
    answer = Visitor(house).signs_in("ines@hanse.example", next_=elsewhere)
    assert answer.location == "/desk"


def test_nothing_planted_in_the_browser_survives_signing_in(house: Flask) -> None:
    visitor = Visitor(house)
    with visitor.client.session_transaction() as session:
        session["workspace"] = "planted"
        session["anything"] = "planted"
    visitor.opens("/sign-in")
    with visitor.client.session_transaction() as session:
        token = session["csrf_token"]
    visitor.signs_in("ines@hanse.example")
    with visitor.client.session_transaction() as session:
        assert "workspace" not in session
        assert "anything" not in session
        assert session.get("csrf_token") != token


def test_signing_out_takes_a_press_on_the_button(ines: Visitor) -> None:
    assert ines.client.get("/sign-out").status_code == 405
    assert ines.client.post("/sign-out").status_code == 400  # a foreign page cannot press it
    assert ines.is_signed_in()
    ines.sends("/desk/members", to="/sign-out")
    assert not ines.is_signed_in()


def test_a_forgotten_password_is_replaced_and_every_session_ends(house: Flask, ines: Visitor) -> None:
    elsewhere = Visitor(house)
    answer = elsewhere.sends("/forgotten-password", email="Ines@hanse.example")
    assert "Look into your mailbox" in reading(elsewhere.opens(answer.location))
    assert letters(house, "ines@hanse.example") == ["reset-password"]

    address = link(house, "reset", "ines@hanse.example")
    assert "Choose a new password" in reading(elsewhere.opens(address))
    assert "too short" in reading(elsewhere.sends(address, password="short"))
    assert ines.is_signed_in()

    elsewhere.sends(address, password="nine patient otters")
    assert not ines.is_signed_in()
    assert elsewhere.opens(address).status_code == 410
    assert "do not fit" in reading(elsewhere.signs_in("ines@hanse.example"))
    assert elsewhere.signs_in("ines@hanse.example", "nine patient otters").location == "/desk"


def test_asking_for_a_new_password_does_not_tell_who_has_an_account(house: Flask) -> None:
    pages = []
    for email in ("ines@hanse.example", "nobody@hanse.example"):
        visitor = Visitor(house)
        answer = visitor.sends("/forgotten-password", email=email)
        page = visitor.opens(answer.location)
        pages.append((answer.status_code, answer.location, reading(page).replace(email, "ADDRESS")))
    assert pages[0] == pages[1]
    assert letters(house, "nobody@hanse.example") == []


def test_a_link_in_a_letter_goes_off(house: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    address = link(house, "reset", "ines@hanse.example")
    monkeypatch.setitem(links.LASTS, links.RESETTING, timedelta(seconds=-1))
    answer = Visitor(house).opens(address)
    assert answer.status_code == 410
    assert "Ask for a new link" in reading(answer)


@pytest.mark.usefixtures("real_hashes")
def test_a_hash_made_with_earlier_parameters_is_made_anew(house: Flask) -> None:
    with house.app_context(), transaction():
        found = making.by_address("ines@hanse.example")
        assert found is not None
        found.password_hash = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    assert Visitor(house).signs_in("ines@hanse.example").location == "/desk"
    assert not passwords.is_outdated(account(house, "ines@hanse.example").password_hash)
    assert Visitor(house).signs_in("ines@hanse.example").location == "/desk"


def test_the_language_chosen_at_the_desk_stays_with_the_account(house: Flask, ines: Visitor) -> None:
    answer = ines.sends("/desk/members", to="/language", language="de", back="/desk/members")
    assert answer.location == "/desk/members"
    assert 'lang="de"' in ines.opens("/desk/members").text
    assert account(house, "ines@hanse.example").language == "de"
    afresh = Visitor(house)
    afresh.signs_in("ines@hanse.example")
    assert '<html lang="de"' in afresh.opens("/desk/members").text


def test_a_language_chosen_at_the_door_is_spoken_at_the_desk(house: Flask) -> None:
    """Only in this browser: letters and other browsers keep the account's own."""
    ines = Visitor(house)
    ines.sends("/sign-in", to="/language", language="de", back="/sign-in")
    ines.signs_in("ines@hanse.example")
    assert '<html lang="de"' in ines.opens("/desk").text
    assert account(house, "ines@hanse.example").language == "en"
