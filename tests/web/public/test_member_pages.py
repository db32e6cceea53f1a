"""The members page: who may do what, and what a stranger does not see."""

import pytest
from flask import Flask
from visitor import Visitor, account, another_workspace, link, reading


def joined(ines: Visitor, role: str, name: str = "Bo") -> Visitor:
    """A colleague who accepted an invitation."""
    email = f"{name.lower()}@hanse.example"
    ines.sends("/desk/members/invite", email=email, role=role)
    colleague = Visitor(ines.app)
    colleague.sends(link(ines.app, "join", email), name=name, password="five slow trains")
    return colleague


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_only_owners_decide_who_belongs(ines: Visitor, role: str) -> None:
    bo = joined(ines, role)
    ines.sends("/desk/members/invite", email="dora@hanse.example", role="member")
    page = reading(bo.opens("/desk/members"))
    assert "Ines ines@hanse.example Owner" in page
    assert "dora@hanse.example" in page
    assert bo.opens("/desk/members/invite").status_code == 403
    assert bo.opens("/desk/members/1").status_code == 403
    for post in ("1/remove", "1", "invite", "invitations/1/take-back", "invitations/1/again"):
        answer = bo.sends("/desk/members", to=f"/desk/members/{post}", role="owner", email="eve@else.example")
        assert answer.status_code == 403
        assert "Ask an owner of the workspace" in reading(answer)


def test_an_owner_changes_a_role_and_it_counts_at_once(ines: Visitor) -> None:
    bo = joined(ines, "viewer")
    ines.sends("/desk/members", to=f"/desk/members/{_number(ines, 'Bo')}", role="owner")
    assert bo.opens("/desk/members/invite").status_code == 200


def _number(ines: Visitor, name: str) -> str:
    """The number in the address of somebody's page."""
    rows = ines.opens("/desk/members").text.split("<tr>")
    row = next(row for row in rows if f">{name} <" in row)
    return row.split('href="/desk/members/')[1].split('"')[0]


def test_the_last_owner_cannot_step_down_or_go(ines: Visitor) -> None:
    joined(ines, "member")
    number = _number(ines, "Ines")
    page = ines.sends(f"/desk/members/{number}", role="viewer")
    assert "only owner" in reading(page)
    assert 'id="role-error"' in page.text
    answer = ines.sends("/desk/members", to=f"/desk/members/{number}/remove")
    assert answer.status_code == 409
    assert "Make somebody else an owner first" in reading(answer)
    assert "Ines ines@hanse.example Owner" in reading(ines.opens("/desk/members"))


def test_with_two_owners_one_may_go(ines: Visitor) -> None:
    bo = joined(ines, "owner")
    bo.sends("/desk/members", to=f"/desk/members/{_number(ines, 'Ines')}/remove")
    assert "Ines no longer belongs to this workspace" in reading(bo.opens("/desk/members"))
    assert "ines@hanse.example" not in reading(bo.opens("/desk/members"))


def test_who_was_removed_is_out_at_the_next_click_and_may_make_a_workspace(ines: Visitor) -> None:
    bo = joined(ines, "member")
    ines.sends("/desk/members", to=f"/desk/members/{_number(ines, 'Bo')}/remove")
    assert "You belong to no workspace" in reading(bo.opens("/desk/members"))
    bo.sends("/no-workspace", workspace="Bo’s own")
    assert "Bo’s own" in reading(bo.opens("/desk/members"))


def test_a_strangers_member_and_invitation_do_not_exist(house: Flask, ines: Visitor) -> None:
    ines.sends("/desk/members/invite", email="bo@hanse.example", role="member")
    carl = Visitor(house)
    carl.signs_in("carl@else.example")
    number = _number(ines, "Ines")
    assert carl.opens(f"/desk/members/{number}").status_code == 404
    for post in (f"{number}/remove", number, "invitations/1/take-back", "invitations/1/again"):
        assert carl.sends("/desk/members", to=f"/desk/members/{post}", role="viewer").status_code == 404
    page = reading(ines.opens("/desk/members"))
    assert "Ines ines@hanse.example Owner" in page
    assert "bo@hanse.example" in page


def test_a_strangers_workspace_cannot_be_chosen(house: Flask, ines: Visitor) -> None:
    theirs = another_workspace(house, "carl@else.example", "Carl’s second")
    assert ines.sends("/desk/members", to=f"/desk/workspaces/{theirs}").status_code == 404
    with ines.client.session_transaction() as session:
        session["workspace"] = theirs
    assert "Hanse Systems" in reading(ines.opens("/desk/members"))


def test_who_belongs_to_two_workspaces_changes_between_them(house: Flask, ines: Visitor) -> None:
    second = another_workspace(house, "ines@hanse.example", "Second home")
    assert "Second home" in reading(ines.opens("/desk/workspaces"))
    ines.sends("/desk/workspaces", to=f"/desk/workspaces/{second}")
    assert "Second home" in reading(ines.opens("/desk/members"))


def test_inviting_somebody_who_is_here_is_refused_beside_the_field(ines: Visitor) -> None:
    page = ines.sends("/desk/members/invite", email="Ines@hanse.example", role="viewer")
    assert "ines@hanse.example already belongs to this workspace" in reading(page)
    assert 'value="Ines@hanse.example"' in page.text


def test_a_letter_goes_out_again_with_the_same_role(house: Flask, ines: Visitor) -> None:
    ines.sends("/desk/members/invite", email="bo@hanse.example", role="viewer")
    ines.sends("/desk/members", to="/desk/members/invitations/1/again")
    bo = Visitor(house)
    bo.sends(link(house, "join", "bo@hanse.example"), name="Bo", password="five slow trains")
    assert "Bo bo@hanse.example Viewer" in reading(bo.opens("/desk/members"))
    assert account(house, "bo@hanse.example").confirmed_at is not None


def test_a_form_from_elsewhere_invites_nobody(ines: Visitor) -> None:
    answer = ines.client.post("/desk/members/invite", data={"email": "eve@else.example", "role": "owner"})
    assert answer.status_code == 400
    assert "eve@else.example" not in reading(ines.opens("/desk/members"))
