"""Accepting an invitation: new, known, somebody else, too late."""

from flask import Flask
from visitor import PASSWORD, Visitor, account, letters, link, reading


def invite(ines: Visitor, email: str, role: str = "member") -> str:
    ines.sends("/desk/members/invite", email=email, role=role)
    return link(ines.app, "join", email)


def test_a_new_colleague_joins_with_a_name_and_a_password(house: Flask, ines: Visitor) -> None:
    address = invite(ines, "bo@hanse.example", "viewer")
    assert letters(house, "bo@hanse.example") == ["member-invitation"]
    bo = Visitor(house)
    page = reading(bo.opens(address))
    assert "Join Hanse Systems" in page
    assert "Ines invites you" in page
    assert bo.sends(address, name="Bo", password="five slow trains").location == "/desk"
    page = reading(bo.opens("/desk/members"))
    assert "Bo bo@hanse.example Viewer" in page
    assert "Invite a colleague" not in page


def test_an_invitation_is_good_once(house: Flask, ines: Visitor) -> None:
    address = invite(ines, "bo@hanse.example")
    Visitor(house).sends(address, name="Bo", password="five slow trains")
    answer = Visitor(house).opens(address)
    assert answer.status_code == 410
    assert "This invitation is no longer good" in reading(answer)


def test_opening_an_invitation_accepts_nothing(house: Flask, ines: Visitor) -> None:
    address = invite(ines, "carl@else.example")
    carl = Visitor(house)
    carl.signs_in("carl@else.example")
    carl.opens(address)
    assert "Hanse Systems" not in reading(carl.opens("/desk/workspaces"))


def test_a_known_colleague_signs_in_and_accepts(house: Flask, ines: Visitor) -> None:
    address = invite(ines, "carl@else.example")
    carl = Visitor(house)
    page = carl.opens(address)
    assert "sign in to accept" in reading(page)
    answer = carl.signs_in("carl@else.example", next_=address)
    assert answer.location == address
    assert carl.sends(address).location == "/desk"
    assert "Elsewhere Hanse Systems" in reading(carl.opens("/desk/workspaces"))
    assert "Carl carl@else.example Member" in reading(carl.opens("/desk/members"))


def test_an_account_that_exists_cannot_be_taken_with_an_invitation(house: Flask, ines: Visitor) -> None:
    address = invite(ines, "carl@else.example")
    before = account(house, "carl@else.example").password_hash
    Visitor(house).client.post(address, data={"name": "Eve", "password": "five slow trains"})
    ines.sends("/desk/members", to=address, name="Eve", password="five slow trains")
    assert account(house, "carl@else.example").password_hash == before


def test_somebody_signed_in_as_someone_else_is_told_whose_it_is(house: Flask, ines: Visitor) -> None:
    address = invite(ines, "bo@hanse.example")
    answer = ines.opens(address)
    assert answer.status_code == 409
    assert "It is for bo@hanse.example , and you are signed in as ines@hanse.example" in reading(answer)
    refused = ines.sends(address)
    assert refused.status_code == 409
    gone = ines.sends(address, to="/sign-out", next=address)
    assert gone.location == address
    assert "Your account will be for bo@hanse.example" in reading(ines.opens(address))


def test_an_invitation_taken_back_is_void(house: Flask, ines: Visitor) -> None:
    address = invite(ines, "bo@hanse.example")
    ines.sends("/desk/members", to="/desk/members/invitations/1/take-back")
    assert Visitor(house).opens(address).status_code == 410


def test_inviting_again_voids_the_earlier_link(house: Flask, ines: Visitor) -> None:
    stale = invite(ines, "bo@hanse.example", "owner")
    fresh = invite(ines, "bo@hanse.example", "viewer")
    assert Visitor(house).opens(stale).status_code == 410
    assert Visitor(house).opens(fresh).status_code == 200


def test_an_account_nobody_confirmed_is_taken_over_by_who_reads_the_mailbox(
    house: Flask, ines: Visitor
) -> None:
    Visitor(house).sends(
        "/sign-up", name="Eve", email="bo@hanse.example", workspace="Eve’s", password="eve was here first"
    )
    address = invite(ines, "bo@hanse.example")
    bo = Visitor(house)
    assert bo.sends(address, name="Bo", password="five slow trains").location == "/desk"
    assert "do not fit" in reading(Visitor(house).signs_in("bo@hanse.example", "eve was here first"))
    assert account(house, "bo@hanse.example").name == "Bo"


def test_a_weak_password_is_refused_and_the_name_stays(house: Flask, ines: Visitor) -> None:
    page = Visitor(house).sends(invite(ines, "bo@hanse.example"), name="Bo", password=PASSWORD[:9])
    assert "too short" in reading(page)
    assert 'value="Bo"' in page.text
