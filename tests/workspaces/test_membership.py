"""Who belongs to a workspace, on each kind of database."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import NotFound
from survey_service.journal import Entry
from survey_service.workspaces import links, making, members
from survey_service.workspaces import scope as scopes
from survey_service.workspaces.addresses import BadAddress, normal
from survey_service.workspaces.members import AlreadyMember, ForSomebodyElse, LastOwner
from survey_service.workspaces.models import Account, MemberInvitation
from survey_service.workspaces.scope import Scope

AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
PASSWORD = "a calm long password"


def workspace(name: str = "Hanse Systems", owner: str = "ines@hanse.example") -> Scope:
    made = making.make_workspace(
        name=name, owner_name="Ines", owner_email=owner, password=PASSWORD, at=AT, confirmed=True
    )
    return scopes.of_operator(made)


def invited(eyes: Scope, email: str, role: str = "member") -> MemberInvitation:
    return members.invite(eyes, email=email, role=role, language="en", at=AT)


def joined(eyes: Scope, email: str, role: str = "member") -> Account:
    asked = invited(eyes, email, role)
    return members.join_anew(asked, name="Bo", password=PASSWORD, language="en", at=AT)


def test_an_invitation_is_claimed_once_however_fast_one_clicks(app_on_each_database: Flask) -> None:
    with app_on_each_database.app_context(), transaction():
        eyes = workspace()
        workspace("Elsewhere", "carl@else.example")
        carl = making.by_address("carl@else.example")
        assert carl is not None
        asked = invited(eyes, "carl@else.example")
        members.accept(asked, carl, at=AT)
        with pytest.raises(NotFound):
            members.accept(asked, carl, at=AT)
        assert {member.account.email for member in members.listed(eyes)} == {
            "ines@hanse.example",
            "carl@else.example",
        }
        assert members.pending(eyes) == []


def test_only_the_invited_address_may_accept(app_on_each_database: Flask) -> None:
    with app_on_each_database.app_context(), transaction():
        eyes = workspace()
        workspace("Elsewhere", "carl@else.example")
        carl = making.by_address("carl@else.example")
        assert carl is not None
        with pytest.raises(ForSomebodyElse, match=r"bo@hanse\.example"):
            members.accept(invited(eyes, "bo@hanse.example"), carl, at=AT)


def test_a_workspace_keeps_an_owner(app_on_each_database: Flask) -> None:
    with app_on_each_database.app_context(), transaction():
        eyes = workspace()
        joined(eyes, "bo@hanse.example")
        by_email = {member.account.email: member for member in members.listed(eyes)}
        ines, bo = by_email["ines@hanse.example"], by_email["bo@hanse.example"]
        with pytest.raises(LastOwner):
            members.change_role(eyes, ines, "member", at=AT)
        with pytest.raises(LastOwner):
            members.remove(eyes, ines, at=AT)
        members.change_role(eyes, ines, "owner", at=AT)
        members.change_role(eyes, bo, "owner", at=AT)
        members.change_role(eyes, ines, "viewer", at=AT)
        assert [owner.email for owner in members.owners(eyes.workspace_id)] == ["bo@hanse.example"]


def test_a_row_number_used_again_does_not_revive_an_old_invitation(app: Flask) -> None:
    with app.app_context(), transaction():
        eyes = workspace()
        stale = links.invitation_token("secret", invited(eyes, "bo@hanse.example"))
        members.take_back(eyes, members.pending(eyes)[0].id, at=AT)
        fresh = links.invitation_token("secret", invited(eyes, "dora@hanse.example"))
        assert links.invited("secret", stale) is None
        found = links.invited("secret", fresh)
        assert found is not None
        assert found.email == "dora@hanse.example"
        assert links.invited("another secret", fresh) is None


def test_joining_is_in_the_journal(app: Flask) -> None:
    with app.app_context(), transaction():
        joined(workspace(), "bo@hanse.example")
        lines = [(line.event, line.who) for line in db.session.query(Entry).order_by(Entry.id)]
        assert lines == [("workspace made", "Ines"), ("member invited", "operator"), ("member joined", "Bo")]


def test_nobody_is_invited_twice_over(app: Flask) -> None:
    with app.app_context(), transaction():
        eyes = workspace()
        joined(eyes, "bo@hanse.example")
        with pytest.raises(AlreadyMember):
            invited(eyes, "BO@hanse.example")
        invited(eyes, "dora@hanse.example", "viewer")
        invited(eyes, "Dora@hanse.example", "owner")
        assert [(asked.email, asked.role) for asked in members.pending(eyes)] == [
            ("dora@hanse.example", "owner")
        ]


def test_a_second_account_under_one_address_is_refused(app: Flask) -> None:
    with app.app_context(), transaction():
        workspace()
        with pytest.raises(making.AddressTaken, match=r"ines@hanse\.example"):
            workspace("Another", " INES@hanse.example")


def test_the_domains_of_members_are_known_to_the_roster(app: Flask) -> None:
    with app.app_context(), transaction():
        eyes = workspace()
        joined(eyes, "bo@partner.example")
        assert members.domains(eyes.workspace_id) == {"hanse.example", "partner.example"}


@pytest.mark.parametrize(
    "text",
    ["", "ines", "ines@hanse", "ines@@hanse.example", "ines@hanse.example, bo@hanse.example", "a b@c.de"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadAddress):
        normal(text)
