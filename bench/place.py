"""A place to measure in: an installation with tables, people and a wave, in a directory of its own."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from survey_service.app import create_app
from survey_service.engagements import desk, roster
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement
from survey_service.engagements.roster_check import Person
from survey_service.foundation.db import db, transaction
from survey_service.foundation.installation import installation
from survey_service.foundation.premises import furnish
from survey_service.foundation.settings import Settings
from survey_service.foundation.upgrade import is_current, upgrade
from survey_service.invitations import links as personal
from survey_service.invitations.models import Invitation
from survey_service.waves import launch as launching
from survey_service.waves.models import Wave
from survey_service.workspaces import making
from survey_service.workspaces import scope as scopes
from survey_service.workspaces.scope import Scope

ADDRESS = "ines@hanse.example"
PASSWORD = "a calm long password"  # noqa: S105 - of an installation that lives for a minute
GROUPS = ("Operations", "Sales", "Customer service", "Finance", "Legal", "Works council")


@dataclass(frozen=True)
class Place:
    """An installation: where its data lie, how a process finds it, and the app in this process."""

    folder: Path
    environ: dict[str, str]
    app: Flask


@contextmanager
def place(folder: Path, database_url: str = "") -> Iterator[Place]:
    """A migrated installation under the folder, its app context open; SQLite unless told otherwise."""
    given = {"SURVEY_ENV": "development", "SURVEY_DATA_DIR": str(folder), "SURVEY_DATABASE_URL": database_url}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SURVEY_")}
    app = create_app(furnish(Settings.from_environ(given)))
    with app.app_context():
        if not is_current():
            upgrade()
        yield Place(folder=folder, environ={**kept, **given}, app=app)
        db.session.remove()
        db.engine.dispose()


def workspace() -> Scope:
    """A workspace with its owner, who signs in with ADDRESS and PASSWORD."""
    with transaction():
        made = making.make_workspace(
            name="Hanse Systems",
            owner_name="Ines",
            owner_email=ADDRESS,
            password=PASSWORD,
            at=datetime.now(UTC),
            confirmed=True,
        )
        return scopes.of_operator(made)


def people(count: int, domain: str) -> list[Person]:
    """That many people in six groups."""
    return [
        Person(
            name=f"Person {number}",
            email=f"p{number}@{domain}",
            group=GROUPS[number % len(GROUPS)],
            language="en",
            time_zone=None,
        )
        for number in range(count)
    ]


def engagement(scope: Scope, count: int, *, buyer: str = "Nordlicht Energie") -> Engagement:
    """An approved engagement with that many people, closing in ten days; inside a transaction."""
    at, domain = datetime.now(UTC), f"b{secrets.token_hex(4)}.example"
    made = desk.open_engagement(
        scope,
        buyer=buyer,
        change="Move order handling from e-mail to one shared list.",
        language="en",
        time_zone="Europe/Berlin",
        closes_at=at + timedelta(days=10),
        believed_step=10,
        instrument="core/1",
        sponsor_name="Sam Sponsor",
        sponsor_email=f"sam@{domain}",
        has_no_sponsor=False,
        at=at,
    )
    roster.add_all(made, tuple(people(count, domain)), who="Ines", at=at)
    sponsor = sponsors.of(made)
    assert sponsor is not None
    sponsors.approve(sponsor, sponsors.digest(made), at=at)
    return made


def launched(scope: Scope, count: int) -> tuple[Wave, list[str]]:
    """A wave with that many people, and the tokens of their links."""
    with transaction():
        made = engagement(scope, count)
        wave = launching.launch(scope, made, installation=installation(), at=datetime.now(UTC))
    return wave, tokens(wave)


def tokens(wave: Wave) -> list[str]:
    """Of everyone invited."""
    chosen = select(Invitation).where(Invitation.wave_id == wave.id)
    return [personal.token(installation().links, one) for one in db.session.scalars(chosen)]
