"""A whole installation: Ines, Bo and Vi at Hanse Systems, Carl elsewhere, Sam, Pat and a reader."""

import contextlib
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from cast import GROUPS, PASSWORD, Stage, stage, workspace
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey_service.answers.intake import Ballot
from survey_service.collection import shelf
from survey_service.engagements import roster
from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.roster_csv import Person
from survey_service.foundation.clock import now
from survey_service.foundation.db import Base, db, transaction
from survey_service.foundation.installation import installation
from survey_service.instrument import catalog, draft
from survey_service.outbox.models import Dispatch
from survey_service.reports import follow_up, shares
from survey_service.waves import close, handover
from survey_service.workspaces import links, making, members, passwords
from survey_service.workspaces.models import Member, MemberInvitation
from survey_service.workspaces.scope import Scope

PAT = "operations1@nordlicht.example"
SAM = "sam@nordlicht.example"
MARK = "Nordlicht Energie"  #: the buyer's name: on no page that is not for its eyes
ADDRESSES = {name: f"{name}@hanse.example" for name in ("ines", "bo", "vi")} | {"carl": "carl@else.example"}


@dataclass(frozen=True)
class Signposts:
    """The values that addresses in the village are made of."""

    prepared: str
    open: str
    closed: str
    numbers: Mapping[str, int]
    workspaces: Mapping[str, str]
    sponsor: Mapping[str, str]
    stakeholder: str
    share: str
    links: Mapping[str, str]
    account_links: Mapping[str, str]


@dataclass(frozen=True)
class Village:
    """An app with everybody in it, and who comes in by which door."""

    app: Flask
    at: Signposts

    def client(self, who: str) -> FlaskClient:
        """A browser of their own; the four with an account are signed in."""
        client = self.app.test_client()
        if who in ADDRESSES:
            answer = client.post("/sign-in", data={"email": ADDRESSES[who], "password": PASSWORD})
            assert answer.status_code == 302, answer.text
        return client


def settle(app: Flask) -> Signposts:
    """Everybody moves in; three engagements of Ines's: in preparation, open, and closed with texts unread."""
    with app.app_context():
        hanse, elsewhere = workspace(), workspace("Elsewhere", "carl@else.example")
        numbers = _colleagues(hanse)
        prepared = _engagement(app, hanse, _prepare)
        running = _engagement(app, hanse, _run)
        closed = _engagement(app, hanse, _close, days=9, domain="south.nordlicht.example")
        carls = stage(app, scope=elsewhere, at=now(), closes_at=now() + timedelta(days=11))
        here = installation()
        with transaction():
            by_seller = shares.share(closed.engagement, label="Board", days=7, who="Ines", at=now())
            by_sponsor = shares.share(
                closed.engagement, label="Team", days=7, who="Sam", from_sponsor=True, at=now()
            )
            share, links_ = shares.token(here.links, by_seller), (by_seller.link, by_sponsor.link)
        return Signposts(
            prepared=prepared.key,
            open=running.key,
            closed=closed.key,
            numbers={
                **numbers,
                "person": roster.people(prepared.engagement)[0].id,
                "unreached": running.invitations()[-1].stakeholder_id,
            },
            workspaces={"hanse": hanse.workspace_key, "elsewhere": elsewhere.workspace_key},
            sponsor={name: _sponsor(one) for name, one in _named(prepared, running, closed, carls).items()},
            stakeholder=running.tokens()[PAT],
            share=share,
            links={"seller": links_[0], "sponsor": links_[1], "own": _instrument(hanse)},
            account_links=_account_links(here.settings.secret),
        )


def everything(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, to see whether anything changed."""
    with app.app_context():
        tables = Base.metadata.sorted_tables
        found = {one.name: sorted(map(tuple, db.session.execute(select(one))), key=repr) for one in tables}
        db.session.rollback()
        return found


def snapshot(app: Flask) -> Callable[[], None]:
    """Keeps the SQLite database as it is now; calling the result brings it back."""
    with app.app_context():
        file = str(db.engine.url.database)
    kept = sqlite3.connect(":memory:")
    with contextlib.closing(sqlite3.connect(file)) as source:
        source.backup(kept)

    def bring_back() -> None:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        with contextlib.closing(sqlite3.connect(file)) as target:
            kept.backup(target)

    return bring_back


def _named(prepared: Stage, running: Stage, closed: Stage, carls: Stage) -> dict[str, Stage]:
    return {"prepared": prepared, "open": running, "closed": closed, "carls": carls}


def _colleagues(hanse: Scope) -> dict[str, int]:
    """Bo and Vi join; Dora is invited and has not come yet. The numbers of their rows."""
    with transaction():
        for name, role in (("bo", "member"), ("vi", "viewer")):
            account = making.make_account(
                name=name.title(),
                email=ADDRESSES[name],
                password_hash=passwords.hashed(PASSWORD),
                language="en",
                at=now(),
                confirmed=True,
            )
            db.session.add(Member(workspace_id=hanse.workspace_id, account_id=account.id, role=role))
        asked = members.invite(hanse, email="dora@hanse.example", role="member", language="en", at=now())
        numbers = {one.account.name.lower(): one.id for one in members.listed(hanse)}
        return {**numbers, "dora": asked.id}


def _engagement(
    app: Flask,
    scope: Scope,
    made: Callable[[Stage], None],
    days: int = 11,
    domain: str = "nordlicht.example",
) -> Stage:
    """Different people in each that was launched: nobody may be asked twice within two weeks."""
    play = stage(app, scope=scope, at=now(), closes_at=now() + timedelta(days=days), domain=domain)
    made(play)
    return play


def _prepare(play: Stage) -> None:
    with transaction():
        sponsor = sponsors.of(play.engagement)
        assert sponsor is not None
        sponsors.ask_approval(sponsor, workspace_id=play.scope.workspace_id, language="en", at=play.at)


def _run(play: Stage) -> None:
    """Launched; one is asked on paper, and the last of them cannot be reached."""
    with transaction():
        paul = Person("Operations Paul", "", next(iter(GROUPS)), "en", None)
        roster.add_all(play.engagement, [paul], who="Ines", at=play.at)
    play.launch()
    with transaction():
        away = play.invitations()[-1].stakeholder.email
        letter = db.session.scalars(select(Dispatch).where(Dispatch.to_address == away)).one()
        letter.state = "given_up"


def _close(play: Stage) -> None:
    play.launch()
    answers = {f"Q{number:02d}": 4 for number in range(1, 25)}
    for invitation in play.invitations()[:18]:
        play.answer(
            invitation, Ballot(answers=answers, concerns=("K01",), texts=("Time.", "The night shift."))
        )
    close.close_due(play.here.keys, at=play.wave.closes_at + timedelta(minutes=1))
    with transaction():
        handover.release_to_seller(play.wave, who="sponsor", at=now())
        follow_up.keep(play.wave, {}, shown=True, who="Sam", at=now())


def _sponsor(play: Stage) -> str:
    sponsor = sponsors.of(play.engagement)
    assert sponsor is not None
    return play.here.links.token("sponsor", bytes.fromhex(sponsor.link), sponsor.link_version)


def _instrument(hanse: Scope) -> str:
    """The name of an instrument of Hanse's own, in no engagement yet."""
    with transaction():
        return shelf.put(hanse, draft.of(catalog.packaged("pulse/1"), "pulse/1"), "Ours", at=now()).name


def _account_links(secret: str) -> dict[str, str]:
    carl = making.by_address("carl@else.example")
    vi = making.by_address(ADDRESSES["vi"])
    assert carl is not None
    assert vi is not None
    asked = db.session.scalars(select(MemberInvitation)).one()
    with transaction():
        vi.wanted_email, vi.wanted_at = "vi@new.example", now()
    return {
        "new-address": links.moving_token(secret, vi),
        "confirm": links.confirm_token(secret, carl),
        "reset": links.reset_token(secret, carl),
        "join": links.invitation_token(secret, asked),
    }
