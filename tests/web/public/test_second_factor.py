"""A second factor: turned on with an app, asked for at sign-in, never the same code twice."""

from flask import Flask
from visitor import PASSWORD, Visitor, account, reading, turned_on

from survey_service.foundation import clock


def test_signing_in_asks_for_a_code_and_no_code_counts_twice(house: Flask, ines: Visitor) -> None:
    app, codes = turned_on(ines)
    assert len(codes) == 10
    assert ines.is_signed_in()
    other = Visitor(house)
    assert other.signs_in("ines@hanse.example").location == "/sign-in/code"
    assert not other.is_signed_in()
    code = app.at(clock.now(), counter_offset=1)
    other.sends("/sign-in/code", code=code)
    assert other.is_signed_in()
    third = Visitor(house)
    third.signs_in("ines@hanse.example")
    assert "has been used" in reading(third.sends("/sign-in/code", code=code))
    third.sends("/sign-in/code", code=codes[0].upper().replace("-", " "))
    assert third.is_signed_in()
    fourth = Visitor(house)
    fourth.signs_in("ines@hanse.example")
    fourth.sends("/sign-in/code", code=codes[0])
    assert not fourth.is_signed_in()


def test_without_the_password_there_is_nothing_to_add_a_code_to(house: Flask, ines: Visitor) -> None:
    turned_on(ines)
    assert Visitor(house).client.get("/sign-in/code").location == "/sign-in"


def test_the_tables_hold_no_secret_and_no_recovery_code(house: Flask, ines: Visitor) -> None:
    app, codes = turned_on(ines)
    kept = account(house, "ines@hanse.example")
    text = f"{kept.totp_nonce} {kept.recovery}"
    assert app.secret not in text
    assert not any(code in text or code.replace("-", "") in text for code in codes)


def test_turning_it_on_ends_every_other_session(house: Flask, ines: Visitor) -> None:
    other = Visitor(house)
    other.signs_in("ines@hanse.example")
    turned_on(ines)
    assert not other.is_signed_in()


def test_it_is_turned_on_and_off_by_whoever_shows_who_they_are(house: Flask, ines: Visitor) -> None:
    """An open browser is not enough, nor is the password alone to be rid of it."""
    on, off = "/desk/account/second-factor", "/desk/account/second-factor/off"
    assert "This is not your password." in ines.sends(on, password="wrong", code="000000").text
    app, codes = turned_on(ines)
    code = app.at(clock.now())
    assert 'id="password-error"' in ines.sends(off, password="wrong", code=code).text
    assert 'id="code-error"' in ines.sends(off, password=PASSWORD, code="000000").text
    assert account(house, "ines@hanse.example").totp_nonce
    ines.sends(off, password=PASSWORD, code=codes[0])
    assert ines.client.get(off).location == "/desk/account"
    other = Visitor(house)
    other.signs_in("ines@hanse.example")
    assert other.is_signed_in()


def test_signing_out_everywhere_leaves_this_browser(house: Flask, ines: Visitor) -> None:
    other = Visitor(house)
    other.signs_in("ines@hanse.example")
    ines.sends("/desk/account", to="/desk/account/sign-out-everywhere", everywhere="1")
    assert ines.is_signed_in()
    assert not other.is_signed_in()


def test_a_workspace_may_ask_every_member_for_one(house: Flask, ines: Visitor) -> None:
    wanted = {
        "name": "Hanse Systems",
        "languages": "en",
        "archives_after": "12",
        "erases_after": "36",
        "needs_second_factor": "y",
    }
    refused = ines.sends("/desk/settings", **wanted)
    assert "Turn your own second factor on first" in reading(refused)
    turned_on(ines)
    assert ines.sends("/desk/settings", **wanted).status_code == 302
    house.test_cli_runner().invoke(args=["survey", "second-factor-off", "ines@hanse.example"])
    ines.signs_in("ines@hanse.example")
    page = reading(ines.opens("/desk/"))
    assert "asks every member for a second factor" in page
