"""The cast: Ines sells, Bo is on her team, Carl sells elsewhere, Sam sponsors, Pat was invited.

Everything here goes through the rooms' own functions; nothing is put into tables by hand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import func, select

from survey_service.answers import intake, receipts
from survey_service.answers.intake import Ballot
from survey_service.engagements import desk, roster
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement, Stakeholder
from survey_service.engagements.roster_check import Person
from survey_service.foundation.db import db, transaction
from survey_service.foundation.installation import Installation, installation
from survey_service.invitations import links as personal
from survey_service.invitations.models import Invitation
from survey_service.waves import booth
from survey_service.waves import launch as launching
from survey_service.waves.models import Wave
from survey_service.workspaces import making
from survey_service.workspaces import scope as scopes
from survey_service.workspaces.scope import Scope

PASSWORD = "a calm long password"
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
CLOSES = MONDAY + timedelta(days=11)
GROUPS = {"Operations": 8, "Sales": 8, "Legal": 2, "Finance": 4}


@dataclass
class Stage:
    """One engagement with its people, in the app's database."""

    app: Flask
    scope: Scope
    key: str
    at: datetime = MONDAY

    @property
    def engagement(self) -> Engagement:
        return desk.find(self.scope, self.key)

    @property
    def wave(self) -> Wave:
        found = launching.wave_of(self.engagement)
        assert found is not None
        return found

    @property
    def here(self) -> Installation:
        return installation()

    def launch(self) -> Wave:
        """Sam approves and Ines launches."""
        with transaction():
            engagement = self.engagement
            sponsor = sponsors.of(engagement)
            if sponsor is not None:
                sponsors.approve(sponsor, sponsors.digest(engagement), at=self.at)
            launching.launch(self.scope, engagement, installation=self.here, at=self.at)
        return self.wave

    def invitations(self) -> list[Invitation]:
        """Everyone asked, in the roster's order."""
        chosen = select(Invitation).where(Invitation.wave_id == self.wave.id).order_by(Invitation.id)
        return list(db.session.scalars(chosen))

    def tokens(self) -> dict[str, str]:
        """Address, or on paper the name -> the token of the personal link."""
        chosen = select(Invitation, func.coalesce(Stakeholder.email, Stakeholder.name)).join(Stakeholder)
        rows = db.session.execute(chosen.where(Invitation.wave_id == self.wave.id))
        return {email: personal.token(self.here.links, invitation) for invitation, email in rows}

    def answer(self, invitation: Invitation, ballot: Ballot, *, at: datetime | None = None) -> str:
        """One person answers through the one way in; their receipt."""
        when, receipt = at or self.at + timedelta(hours=1), receipts.fresh_receipt()
        with transaction():
            seat = booth.enter(self.here.links, personal.token(self.here.links, invitation), at=when)
            sealed = intake.seal(seat.slot, invitation, ballot)
            intake.deposit(booth.hold_open(seat, at=when), invitation, sealed, receipt)
        return receipt


def address_of(invitation: Invitation) -> str:
    """Where the invitation went; on paper: whom it is for."""
    return invitation.stakeholder.email or invitation.stakeholder.name


def workspace(name: str = "Hanse Systems", owner: str = "ines@hanse.example") -> Scope:
    """A workspace with its confirmed owner."""
    with transaction():
        made = making.make_workspace(
            name=name,
            owner_name=owner.split("@")[0].title(),
            owner_email=owner,
            password=PASSWORD,
            at=MONDAY,
            confirmed=True,
        )
        return scopes.of_operator(made)


def people(groups: Mapping[str, int], domain: str = "nordlicht.example") -> Iterable[Person]:
    """As many people in each group as asked for."""
    for group, size in groups.items():
        for number in range(1, size + 1):
            name = f"{group} {number}"
            email = f"{group.lower().replace(' ', '-')}{number}@{domain}"
            yield Person(name=name, email=email, group=group, language="en", time_zone=None)


def stage(
    app: Flask,
    *,
    groups: Mapping[str, int] = GROUPS,
    sponsor: bool = True,
    instrument: str = "core/1",
    closes_at: datetime = CLOSES,
    scope: Scope | None = None,
    at: datetime = MONDAY,
    domain: str = "nordlicht.example",
) -> Stage:
    """An engagement with its roster, ready to be approved and launched. Needs an app context."""
    scope = scope or workspace()
    with transaction():
        made = desk.open_engagement(
            scope,
            buyer="Nordlicht Energie",
            change="Move order handling from e-mail to one shared list.",
            language="en",
            time_zone="Europe/Berlin",
            closes_at=closes_at,
            believed_step=10,
            instrument=instrument,
            sponsor_name="Sam Sponsor" if sponsor else "",
            sponsor_email="sam@nordlicht.example" if sponsor else "",
            has_no_sponsor=not sponsor,
            at=at,
        )
        roster.add_all(made, tuple(people(groups, domain)), who="Ines", at=at)
        key = made.key
    return Stage(app=app, scope=scope, key=key, at=at)
