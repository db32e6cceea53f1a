"""Ines changes her password, and nobody else can."""

from flask import Flask
from visitor import PASSWORD, Visitor, letters, reading

NEW = "nine patient otters"


def test_she_needs_the_old_one_and_stays_signed_in_here_alone(house: Flask, ines: Visitor) -> None:
    other = Visitor(house)
    other.signs_in("ines@hanse.example")
    assert "Change your password" in reading(ines.opens("/desk/account"))
    wrong = ines.sends("/desk/account/password", old="not hers at all", new=NEW)
    assert "This is not your password." in reading(wrong)
    assert other.is_signed_in()
    assert ines.sends("/desk/account/password", old=PASSWORD, new=NEW).status_code == 302
    assert ines.is_signed_in()
    assert not other.is_signed_in()
    assert letters(house, "ines@hanse.example")[-1] == "password-changed"
    again = Visitor(house)
    again.signs_in("ines@hanse.example")
    assert not again.is_signed_in()
    again.signs_in("ines@hanse.example", NEW)
    assert again.is_signed_in()


def test_a_weak_one_is_refused_beside_its_field(ines: Visitor) -> None:
    page = ines.sends("/desk/account/password", old=PASSWORD, new="Summer2025!")
    assert page.status_code == 200
    assert "among the first anyone would try" in reading(page)
