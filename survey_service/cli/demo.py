"""The demo workspace: one engagement with its report, one that is open, its invitations in the mailbox."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from survey_service.answers import intake, receipts
from survey_service.answers.intake import Ballot
from survey_service.cli import demo_people
from survey_service.collection import shelf
from survey_service.engagements import desk, roster
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement
from survey_service.engagements.roster_check import Person
from survey_service.foundation.clock import now
from survey_service.foundation.db import db, transaction
from survey_service.foundation.installation import Installation
from survey_service.invitations import links as personal
from survey_service.invitations.models import Invitation
from survey_service.scheduler import timetable
from survey_service.waves import booth, handover
from survey_service.waves import launch as launching
from survey_service.waves.models import Wave
from survey_service.workspaces import making
from survey_service.workspaces import scope as scopes
from survey_service.workspaces.models import Account
from survey_service.workspaces.scope import Scope

ADDRESS = "demo@hanse-systems.example"
PASSWORD = "look around first"  # noqa: S105 - a demo on this machine only
ZONE = "Europe/Berlin"


def make(here: Installation) -> bool:
    """Make the demo where it is not there yet; whether it was made."""
    if db.session.scalar(select(Account.id).where(Account.email == ADDRESS)) is not None:
        return False
    at = now().replace(microsecond=0)
    with transaction():
        workspace = making.make_workspace(
            name="Hanse Systems",
            owner_name="Ines Demo",
            owner_email=ADDRESS,
            password=PASSWORD,
            at=at,
            confirmed=True,
        )
        scope = scopes.of_operator(workspace)
    _closed(here, scope, at)
    _open(here, scope, at)
    return True


def banner(base_url: str) -> str:
    """What the terminal says once the site answers."""
    return f"""
  Common Ground is running.

    Open      {base_url}
    Sign in   {ADDRESS}  /  {PASSWORD}
    Letters   {base_url}/dev/mailbox

  Ctrl-C stops it.
"""


def _closed(here: Installation, scope: Scope, at: datetime) -> None:
    """An engagement that closed yesterday: launched and answered in the past, through the one way in."""
    launched_at, closes_at = at - timedelta(days=13), _afternoon(at - timedelta(days=1))
    with transaction():
        engagement = _engagement(
            scope,
            "Nordlicht Energie",
            "Move order handling from e-mail to one shared list.",
            closes_at,
            10,
            launched_at,
        )
        number = _launched(here, scope, engagement, demo_people.NORDLICHT, launched_at).id
    timetable.tick(here, at=launched_at)
    with transaction():
        _answers(here, db.session.get_one(Wave, number), launched_at + timedelta(days=2))
    timetable.tick(here, at=closes_at + timedelta(minutes=1))
    with transaction():
        wave = db.session.get_one(Wave, number)
        handover.release_to_seller(wave, who="sponsor", at=closes_at + timedelta(hours=2))


def _open(here: Installation, scope: Scope, at: datetime) -> None:
    """An engagement that is open now; its invitations wait in the outbox."""
    with transaction():
        engagement = _engagement(
            scope,
            "Alpenrad",
            "Plan repairs of all rental bikes in one shared calendar.",
            _afternoon(at + timedelta(days=12)),
            7,
            at,
        )
        _launched(here, scope, engagement, demo_people.ALPENRAD, at)
    timetable.tick(here, at=at)


def _afternoon(day: datetime) -> datetime:
    """That day at five, or the working day before it, on the demo's clock."""
    local = day.astimezone(ZoneInfo(ZONE)).replace(hour=17, minute=0, second=0, microsecond=0)
    return local - timedelta(days=max(0, local.weekday() - 4))


def _engagement(
    scope: Scope, buyer: str, change: str, closes_at: datetime, believed_step: int, at: datetime
) -> Engagement:
    name, address = demo_people.SPONSORS[buyer]
    return desk.open_engagement(
        scope,
        buyer=buyer,
        change=change,
        language="en",
        time_zone=ZONE,
        closes_at=closes_at,
        believed_step=believed_step,
        instrument="core/1",
        sponsor_name=name,
        sponsor_email=address,
        has_no_sponsor=False,
        at=at,
    )


def _launched(
    here: Installation, scope: Scope, engagement: Engagement, people: tuple[Person, ...], at: datetime
) -> Wave:
    roster.add_all(engagement, people, who=scope.who, at=at)
    engagement.is_demo = True
    sponsor = sponsors.of(engagement)
    assert sponsor is not None  # named when the engagement was opened
    sponsors.approve(sponsor, sponsors.digest(engagement), at=at)
    return launching.launch(scope, engagement, installation=here, at=at)


def _answers(here: Installation, wave: Wave, at: datetime) -> None:
    """All but three of the roster answer, in the groups' own way."""
    chance = random.Random(6)  # noqa: S311 - made-up answers
    instrument = shelf.find(wave.engagement.instrument).instrument
    invitations = list(db.session.scalars(select(Invitation).where(Invitation.wave_id == wave.id)))
    for invitation in invitations[:-3]:
        seat = booth.enter(here.links, personal.token(here.links, invitation), at=at)
        ballot: Ballot = demo_people.ballot(instrument, invitation.group_name, chance)
        sealed = intake.seal(seat.slot, invitation, ballot)
        intake.deposit(booth.hold_open(seat, at=at), invitation, sealed, receipts.fresh_receipt())
