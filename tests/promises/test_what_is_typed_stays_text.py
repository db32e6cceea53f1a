"""Whatever people type is text on every page and in every letter: never a tag, never an attribute."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import product

import pytest
from cast import Stage, workspace
from flask import Flask
from sqlalchemy import select
from visitor import at_the_desk

from survey_service.answers.intake import Ballot
from survey_service.collection import shelf
from survey_service.engagements import desk, roster
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.roster_check import Person
from survey_service.foundation.clock import now
from survey_service.foundation.db import db, transaction
from survey_service.instrument import catalog, draft
from survey_service.invitations import helping
from survey_service.outbox.mailbox import Mailbox
from survey_service.reports import follow_up, shares
from survey_service.reports.follow_up import Plan
from survey_service.scheduler import timetable
from survey_service.waves import close, handover
from survey_service.workspaces import members
from survey_service.workspaces.models import Account
from survey_service.workspaces.scope import Scope

EVE = """Eve<i data-eve>'" data-eve=\""""
GROUPS = {"Operations": 8, "Sales": 8, "Legal": 3}


class Tags(HTMLParser):
    """Every element that carries Eve's attribute."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.eves: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if any("data-eve" in name for name, _ in attrs):
            self.eves.append(tag)


@dataclass(frozen=True)
class World:
    """A workspace where every word that can be typed is Eve's."""

    app: Flask
    values: dict[str, Sequence[object]]

    def addresses(self, door: str) -> Iterator[str]:
        """Every page of a door, for every value that may stand in its address."""
        adapter = self.app.url_map.bind("localhost")
        for rule in self.app.url_map.iter_rules():
            if rule.endpoint.partition(".")[0] == door and "GET" in (rule.methods or ()):
                names = sorted(rule.arguments)
                for chosen in product(
                    *(self.values.get(f"{door}.{name}") or self.values[name] for name in names)
                ):
                    yield adapter.build(rule.endpoint, dict(zip(names, chosen, strict=True)))


def _engagement(app: Flask, scope: Scope, domain: str) -> Stage:
    with transaction():
        made = desk.open_engagement(
            scope,
            buyer=f"Nordlicht {EVE}",
            change=f"Move orders to {EVE}.",
            language="en",
            time_zone="Europe/Berlin",
            closes_at=now() + timedelta(days=11),
            believed_step=10,
            instrument="core/1",
            sponsor_name=f"Sam {EVE}",
            sponsor_email=f"sam@{domain}",
            has_no_sponsor=False,
            at=now(),
        )
        people = [
            Person(
                f"{EVE} {group} {number}", f"{group.lower()}{number}@{domain}", f"{group} {EVE}", "en", None
            )
            for group, size in GROUPS.items()
            for number in range(size)
        ]
        roster.add_all(made, people, who=EVE, at=now())
        return Stage(app=app, scope=scope, key=made.key, at=now())


def _reported(play: Stage) -> None:
    play.launch()
    for invitation in play.invitations()[:17]:
        answers = {f"Q{number:02d}": 2 + 2 * (number % 2) for number in range(1, 25)}
        play.answer(invitation, Ballot(answers=answers, concerns=("K01",), texts=(EVE, EVE)))
    close.close_due(play.here.keys, at=play.wave.closes_at + timedelta(minutes=1))
    with transaction():
        handover.release_to_seller(play.wave, who=EVE, at=now())
        shares.share(play.engagement, label=EVE, days=7, who=EVE, from_sponsor=True, at=now())
        shares.share(play.engagement, label=EVE, days=7, who=EVE, at=now())
        plans = {f"T{number:02d}": Plan(EVE, date(2027, 1, 7), None) for number in range(1, 21)}
        follow_up.keep(play.wave, plans, shown=True, who=EVE, at=now())


def _asked(play: Stage) -> None:
    play.launch()
    with transaction():
        helping.tell_wrong_person(play.invitations()[0], suggestion=EVE, at=now())


def _prepared(play: Stage) -> None:
    with transaction():
        sponsor = sponsors.of(play.engagement)
        assert sponsor is not None
        sponsors.ask_approval(sponsor, workspace_id=play.scope.workspace_id, language="en", at=play.at)
        sponsors.correct(sponsor, f"No {EVE}", at=now())


def _own_words(scope: Scope) -> str:
    made = draft.of(catalog.packaged("core/1"), "core/1")
    draft.reword(made, "en", "Q01", f"I can say what is wrong with {EVE}.")
    made["words"]["en"]["concerns"][draft.add_concern(made, "people")] = EVE
    with transaction():
        return shelf.put(scope, made, EVE, at=now()).name


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        scope = workspace(f"Hanse {EVE}")
        with transaction():
            ines = db.session.scalars(select(Account)).one()
            ines.name, number = EVE, ines.id
            members.invite(scope, email="bo@hanse.example", role="member", language="en", at=now())
        own = _own_words(scope)
        plays = [_engagement(app, scope, f"{name}.example") for name in ("north", "south", "west")]
        for play, happens in zip(plays, (_prepared, _asked, _reported), strict=True):
            happens(play)
        for _ in range(3):
            timetable.tick(plays[0].here, at=now())
        here, found = plays[0].here, [sponsors.of(play.engagement) for play in plays]
        letters = Mailbox(here.settings.data_dir / "mailbox").letters()
        first = [roster.people(play.engagement)[0].id for play in plays]
        return World(
            app,
            {
                "key": [play.key for play in plays],
                "number": [number, *first],
                "name": [own],
                "version": [1],
                "token": ["x"],
                "form": ["json"],
                "filename": ["x"],
                "way": ["x"],
                "colour": ["1f4e79"],
                "mailbox.name": [letter.name for letter in letters],
                "respondent.token": list(plays[1].tokens().values())[:1],
                "reader.token": [
                    shares.token(here.links, one) for one in shares.of_engagement(plays[2].engagement)
                ],
                "sponsor.token": [
                    here.links.token("sponsor", bytes.fromhex(one.link), one.link_version)
                    for one in found
                    if one
                ],
            },
        )


#: On how many pages of a door Eve is seen at least, or nothing was looked at.
LEAST = {"seller": 40, "sponsor": 6, "reader": 1, "respondent": 5, "mailbox": 9}


@pytest.mark.parametrize("door", LEAST)
def test_every_page_shows_it_as_text(world: World, door: str) -> None:
    browser = at_the_desk(world.app).client if door == "seller" else world.app.test_client()
    seen = 0
    for address in world.addresses(door):
        answer = browser.get(address)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            assert Tags(answer.text).eves == [], address
            seen += "Eve&lt;i data-eve&gt;" in answer.text
    assert seen > LEAST[door]
