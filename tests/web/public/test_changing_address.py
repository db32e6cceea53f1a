"""Ines moves her account to another address; nobody moves it for her, or learns who has an account."""

from datetime import timedelta
from email.message import EmailMessage

import post
import pytest
from flask import Flask
from sqlalchemy import select
from visitor import PASSWORD, Visitor, account, letters, link, reading, turned_on

from survey_service.foundation import clock
from survey_service.foundation.db import db, transaction
from survey_service.foundation.installation import installation
from survey_service.outbox.delivery import Withdrawn
from survey_service.outbox.envelope import Letter
from survey_service.outbox.letters import write
from survey_service.outbox.models import Dispatch
from survey_service.scheduler.letters import renderer
from survey_service.workspaces import making, moving, sign_in
from survey_service.workspaces.models import Account, Workspace

OLD, NEW, CARL = "ines@hanse.example", "ines@south.hanse.example", "carl@else.example"


def asked(ines: Visitor, address: str = NEW, **more: str) -> str:
    """What she reads after sending the form."""
    answer = ines.sends("/desk/account/address", **{"email": address, "password": PASSWORD, **more})
    return reading(ines.opens("/desk/account") if answer.status_code == 302 else answer)


def said(letter: Letter) -> str:
    body = post.read(letter).get_body(("plain",))
    return str(body.get_content()) if isinstance(body, EmailMessage) else ""


def test_the_account_moves_when_the_new_mailbox_says_so(house: Flask, ines: Visitor) -> None:
    other = Visitor(house)
    other.signs_in(OLD)
    assert "Press the button in it within two days" in asked(ines)
    assert letters(house, NEW) == ["confirm-new-address"]
    assert letters(house, OLD) == ["address-changing"]
    address = link(house, "new-address", OLD)
    assert ines.client.get(address).status_code == 200
    assert account(house, OLD).email == OLD
    assert ines.sends(address).location == "/desk/account"
    assert NEW in reading(ines.opens("/desk/account"))
    assert not other.is_signed_in()
    assert letters(house, OLD)[-1] == "address-changed"
    again = Visitor(house)
    again.signs_in(OLD)
    assert not again.is_signed_in()
    again.signs_in(NEW)
    assert again.is_signed_in()
    assert ines.client.get(address).status_code == 410


def test_pressed_on_another_device_it_leads_to_signing_in(house: Flask, ines: Visitor) -> None:
    asked(ines)
    phone = Visitor(house)
    assert phone.sends(link(house, "new-address", OLD)).location == "/sign-in"
    assert not ines.is_signed_in()
    assert f'value="{NEW}"' in phone.opens("/sign-in").text


def test_a_taken_address_is_answered_alike_and_the_letter_there_opens_nothing(
    house: Flask, ines: Visitor
) -> None:
    pages = [asked(ines, address).replace(address, "X") for address in (NEW, CARL)]
    assert pages[0] == pages[1]
    assert letters(house, CARL) == ["address-taken"]
    assert letters(house, OLD) == ["address-changing"] * 2
    refused = ines.sends(link(house, "new-address", OLD))
    assert refused.status_code == 409
    assert account(house, OLD).email == OLD


def test_without_password_or_code_nothing_is_asked_and_nothing_typed_is_lost(
    house: Flask, ines: Visitor
) -> None:
    app, _codes = turned_on(ines)
    code = app.at(clock.now(), counter_offset=1)
    wrong = ines.sends("/desk/account/address", email=NEW, password="not hers", code=code)
    assert f'value="{NEW}"' in wrong.text
    assert "This is not your password." in reading(wrong)
    assert "This code is not right" in asked(ines, code="000000")
    assert letters(house, NEW) == []
    assert "is on its way" in asked(ines, code=code)  # the wrong password has not spent it
    assert "This code is not right" in asked(ines, code=code)


@pytest.mark.parametrize(
    ("address", "words"),
    [("ines@", "does not look like an e-mail address"), (OLD, "your address already"), ("", "Enter the new")],
)
def test_what_is_no_new_address_is_named_beside_its_field(ines: Visitor, address: str, words: str) -> None:
    assert words in asked(ines, address)


def test_the_link_is_void_once_taken_back_asked_anew_or_after_a_new_password(
    house: Flask, ines: Visitor
) -> None:
    asked(ines)
    first = link(house, "new-address", OLD)
    asked(ines, "ines@north.hanse.example")
    second = link(house, "new-address", OLD)
    ines.sends("/desk/account", to="/desk/account/address/take-back")
    asked(ines)
    third = link(house, "new-address", OLD)
    ines.sends("/desk/account/password", old=PASSWORD, new="nine patient otters")
    asked(ines, password="nine patient otters")
    for address in (second, third):
        assert ines.client.get(address).status_code == 410
    assert first == third or ines.client.get(first).status_code == 410


def test_a_letter_in_the_old_mailbox_sets_no_password_any_more(house: Flask, ines: Visitor) -> None:
    reset = link(house, "reset", OLD)
    asked(ines)
    ines.sends(link(house, "new-address", OLD))
    assert ines.client.get(reset).status_code == 410


def test_two_days_later_nothing_waits(house: Flask, ines: Visitor) -> None:
    asked(ines)
    kept = account(house, OLD)
    assert moving.pending(kept, at=clock.now()) == NEW
    assert moving.pending(kept, at=clock.now() + timedelta(days=2)) is None


def test_a_sign_up_nobody_confirmed_gives_way(house: Flask, ines: Visitor) -> None:
    """Somebody typed her new address into the sign-up page; that must not keep her from it."""
    with house.app_context(), transaction():
        sign_in.sign_up(
            name="Eve",
            email=NEW,
            password="seven quiet herons",
            workspace_name="Squat",
            language="en",
            at=clock.now(),
        )
    asked(ines)
    ines.sends(link(house, "new-address", OLD))
    with house.app_context():
        assert sorted(db.session.scalars(select(Account.email))) == [CARL, NEW]
        assert sorted(db.session.scalars(select(Workspace.name))) == ["Elsewhere", "Hanse Systems"]


def test_letters_that_wait_for_her_go_to_the_new_mailbox(house: Flask, ines: Visitor) -> None:
    with house.app_context(), transaction():
        me = making.by_address(OLD)
        assert me
        facts = {"engagement_id": 1, "account_id": me.id}
        write(
            "seller-low",
            to_address=OLD,
            to_name="Ines",
            language="en",
            facts=facts,
            due_at=clock.now(),
            workspace_id=1,
        )
    asked(ines)
    ines.sends(link(house, "new-address", OLD))
    assert "seller-low" in letters(house, NEW)


def test_each_letter_says_what_it_is_for_and_the_stale_ones_stay(house: Flask, ines: Visitor) -> None:
    asked(ines)
    address = link(house, "new-address", OLD)
    with house.app_context():
        waiting = {one.kind: one for one in db.session.scalars(select(Dispatch))}
        render = renderer(installation(), at=clock.now())
        assert address in said(render(waiting["confirm-new-address"]))
        assert "/forgotten-password" in said(render(waiting["address-changing"]))
    ines.sends(address)
    with house.app_context():
        waiting = {one.kind: one for one in db.session.scalars(select(Dispatch))}
        render = renderer(installation(), at=clock.now())
        assert "Example Hosting" in said(render(waiting["address-changed"]))
        for kind in ("confirm-new-address", "address-changing"):
            with pytest.raises(Withdrawn):
                render(waiting[kind])


def test_one_account_causes_ten_letters_an_hour_whatever_it_types(house: Flask, ines: Visitor) -> None:
    house.config["RATELIMIT_ENABLED"] = True
    seen = []
    for number in range(11):
        ines.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        seen.append(
            ines.sends("/desk/account/address", email=f"a{number}@x.example", password="no").status_code
        )
    house.config["RATELIMIT_ENABLED"] = False
    assert seen == [200] * 10 + [429]
