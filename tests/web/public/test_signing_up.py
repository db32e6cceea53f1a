"""Signing up: from an empty form to one's own desk, and nobody learns whose address is known."""

import pytest
from flask import Flask
from visitor import PASSWORD, Visitor, account, letters, link, reading

NEW = {
    "name": "Nora New",
    "email": "nora@new.example",
    "workspace": "New Ltd",
    "password": "seven quiet herons",
}


def test_signing_up_leads_through_the_mailbox_to_the_desk(house: Flask) -> None:
    nora = Visitor(house)
    answer = nora.sends("/sign-up", **NEW)
    assert "Look into your mailbox" in reading(nora.opens(answer.location))
    assert letters(house, "nora@new.example") == ["confirm-address"]

    page = nora.opens(link(house, "confirm", "nora@new.example"))
    assert "Confirm my address" in reading(page)
    assert account(house, "nora@new.example").confirmed_at is None  # a mail scanner came this far, too

    confirmed = nora.sends(link(house, "confirm", "nora@new.example"))
    page = nora.opens(confirmed.location)
    assert "Your address is confirmed" in reading(page)
    assert 'value="nora@new.example"' in page.text

    assert nora.signs_in("nora@new.example", NEW["password"]).location == "/desk"
    assert "New Ltd" in reading(nora.opens("/desk/members"))


def test_a_known_address_is_answered_like_an_unknown_one(house: Flask) -> None:
    known, unknown = Visitor(house), Visitor(house)
    pages = []
    for visitor, email in ((known, "ines@hanse.example"), (unknown, "nora@new.example")):
        answer = visitor.sends("/sign-up", **{**NEW, "email": email})
        page = visitor.opens(answer.location)
        pages.append((answer.status_code, answer.location, reading(page).replace(email, "ADDRESS")))
    assert pages[0] == pages[1]
    assert letters(house, "ines@hanse.example") == ["already-registered"]
    assert Visitor(house).signs_in("ines@hanse.example").location == "/desk"  # nothing changed for Ines


def test_every_fault_is_said_beside_its_field_and_what_was_typed_stays(house: Flask) -> None:
    page = Visitor(house).sends("/sign-up", name="Nora", email="nora at new", workspace=" ", password="short")
    assert 'value="Nora"' in page.text
    assert 'value="nora at new"' in page.text
    for field in ("email", "workspace", "password"):
        assert f'href="#{field}"' in page.text
        assert f'id="{field}-error"' in page.text
    assert 'id="name-error"' not in page.text
    assert "short" not in page.text.split('name="password"')[1].split(">")[0]


@pytest.mark.parametrize(
    "password",
    ["password123", "Passwort 123", "aaaaaaaaaaaa", "nora@new.example", "NORA@new.example", "New Limited"],
)
def test_a_password_anyone_would_try_is_refused(house: Flask, password: str) -> None:
    page = Visitor(house).sends("/sign-up", **{**NEW, "workspace": "New Limited", "password": password})
    assert "among the first anyone would try" in reading(page)
    assert letters(house, "nora@new.example") == []


@pytest.mark.parametrize("field", ["name", "workspace"])
def test_a_name_in_a_letter_to_strangers_holds_no_web_address(house: Flask, field: str) -> None:
    page = Visitor(house).sends("/sign-up", **{**NEW, field: "Win at http://bad.example"})
    assert "Leave out web addresses" in reading(page)
    assert letters(house, "nora@new.example") == []


def test_a_name_stays_on_one_line(house: Flask) -> None:
    Visitor(house).sends("/sign-up", **{**NEW, "name": "Nora\r\nBcc: all@else.example"})
    assert account(house, "nora@new.example").name == "Nora Bcc: all@else.example"


def test_until_an_address_is_confirmed_the_latest_sign_up_counts(house: Flask) -> None:
    Visitor(house).sends("/sign-up", **{**NEW, "password": "taken beforehand"})
    stale = link(house, "confirm", "nora@new.example")
    nora = Visitor(house)
    nora.sends("/sign-up", **{**NEW, "workspace": "Nora’s own"})
    assert nora.opens(stale).status_code == 410
    nora.sends(link(house, "confirm", "nora@new.example"))
    assert "Try again" in reading(nora.signs_in("nora@new.example", "taken beforehand"))
    assert nora.signs_in("nora@new.example", NEW["password"]).location == "/desk"
    assert "Nora’s own" in reading(nora.opens("/desk/members"))


def test_a_confirmed_address_may_be_confirmed_again(house: Flask) -> None:
    nora = Visitor(house)
    nora.sends("/sign-up", **NEW)
    address = link(house, "confirm", "nora@new.example")
    nora.sends(address)
    assert "You can sign in now" in reading(nora.opens(address))


def test_a_link_that_is_not_ours_confirms_nothing(house: Flask) -> None:
    nora = Visitor(house)
    nora.sends("/sign-up", **NEW)
    reset = link(house, "reset", "nora@new.example").removeprefix("/reset/")
    confirm = link(house, "confirm", "nora@new.example").removeprefix("/confirm/")
    for token in ("nonsense", reset, confirm[:-1]):
        answer = nora.opens(f"/confirm/{token}")
        assert answer.status_code == 410
        assert "This link is no longer good" in reading(answer)


def test_whoever_signs_up_in_german_gets_german_letters(house: Flask) -> None:
    nora = Visitor(house)
    nora.opens("/sign-up?language=de")
    nora.sends("/sign-up", **NEW)
    assert account(house, "nora@new.example").language == "de"


def test_the_eleventh_try_in_a_minute_is_put_off(house: Flask) -> None:
    house.config["RATELIMIT_ENABLED"] = True
    visitor = Visitor(house)
    for _ in range(10):
        assert visitor.sends("/sign-in", email="", password="").status_code == 200
    answer = visitor.sends("/sign-in", email="ines@hanse.example", password=PASSWORD)
    assert answer.status_code == 429
    assert "Wait a minute" in reading(answer)
    assert visitor.opens("/sign-in").status_code == 200
