"""Several clicks at one moment, each in a thread of its own: one thing happens, nobody sees a fault."""

import threading
from collections.abc import Callable
from datetime import timedelta

from cast import PASSWORD, stage
from flask import Flask
from sqlalchemy import func, select

from survey_service.engagements import sponsor as sponsors
from survey_service.foundation.clock import now
from survey_service.foundation.db import db, transaction
from survey_service.invitations.models import Invitation
from survey_service.outbox.models import Dispatch
from survey_service.waves.models import Wave
from survey_service.workspaces.models import Account

CLICKS = 3


def at_once(work: Callable[[], int]) -> list[int]:
    """The statuses of as many clicks at one moment."""
    gate, seen = threading.Barrier(CLICKS), []

    def click() -> None:
        gate.wait(30)
        seen.append(work())

    threads = [threading.Thread(target=click) for _ in range(CLICKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(seen)


def count(table: type[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_launch_pressed_by_several_browsers_at_once_is_one(app_on_each_database: Flask) -> None:
    app = app_on_each_database
    with app.app_context():
        play = stage(app, at=now(), closes_at=now() + timedelta(days=11))
        with transaction():
            sponsor = sponsors.of(play.engagement)
            assert sponsor is not None
            sponsors.approve(sponsor, sponsors.digest(play.engagement), at=now())
        key = play.key
        db.session.remove()

    clients = [app.test_client() for _ in range(CLICKS)]
    for client in clients:
        client.post("/sign-in", data={"email": "ines@hanse.example", "password": PASSWORD})
    waiting = list(clients)
    seen = at_once(lambda: waiting.pop().post(f"/desk/engagements/{key}/launch").status_code)
    assert len(seen) == CLICKS
    assert not [status for status in seen if status >= 500], seen
    with app.app_context():
        assert count(Wave) == 1
        assert count(Invitation) == 22
        asked = select(func.count()).select_from(Dispatch).where(Dispatch.kind == "invitation")
        assert db.session.scalar(asked) == 22


def test_a_sign_up_sent_several_times_at_once_makes_one_account(app_on_each_database: Flask) -> None:
    app = app_on_each_database
    form = {"name": "Eve", "email": "eve@new.example", "password": PASSWORD, "workspace": "New"}
    seen = at_once(lambda: app.test_client().post("/sign-up", data=form).status_code)
    assert seen == [302] * CLICKS
    with app.app_context():
        assert count(Account) == 1
