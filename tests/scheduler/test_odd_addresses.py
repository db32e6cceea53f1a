"""Addresses as people really have them: taken, brought to one form, and written to by a real mail server."""

from datetime import timedelta

import post
from cast import MONDAY, stage
from flask import Flask
from post import Sink
from sqlalchemy import select

from survey_service.engagements import roster
from survey_service.engagements import sponsor as sponsors
from survey_service.foundation.db import db, transaction
from survey_service.foundation.installation import installation
from survey_service.outbox.models import Dispatch
from survey_service.scheduler.letters import renderer
from survey_service.waves import again, erasing, telling
from survey_service.workspaces import members

ODD = {
    '"Lovelace, Ada" <Ada+Work@Nordlicht.example>': "ada+work@nordlicht.example",
    "o'neil@nordlicht.example": "o'neil@nordlicht.example",
    "jo@bücher.example": "jo@xn--bcher-kva.example",
    "mailto:kim@nordlicht.example": "kim@nordlicht.example",
    "'lee@nordlicht.example'": "lee@nordlicht.example",
    '"mo mo"@nordlicht.example': '"mo mo"@nordlicht.example',
    "x_y-z@sub.nordlicht.example": "x_y-z@sub.nordlicht.example",
}


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def waiting() -> set[str]:
    """Kinds of the letters in the outbox."""
    return set(db.session.scalars(select(Dispatch.kind)))


def sent(sink: Sink) -> list[str]:
    """Everything due leaves; the recipients, Ines aside."""
    at = MONDAY + timedelta(minutes=1)
    assert post.deliver(sink.port, at=at, render=renderer(installation(), at=at)).given_up == 0
    return [to for to in sink.recipients if to != "ines@hanse.example"]


def test_each_gets_one_letter_at_their_own_address(app: Flask) -> None:
    rows = "\n".join(["E-mail,Group", *(f"{quoted(typed)},Operations" for typed in ODD)])
    with app.app_context(), post.sink() as sink:
        play = stage(app, groups={}, sponsor=False)
        judged = roster.judge_file(play.engagement, rows.encode(), refused_domains=())
        assert judged.bad == ()
        with transaction():
            roster.add_all(play.engagement, judged.good, who="Ines", at=MONDAY)
        play.launch()
        assert sorted(sent(sink)) == sorted(ODD.values())


def test_an_engagement_thrown_away_takes_the_letters_that_wait_along(app: Flask) -> None:
    with app.app_context(), post.sink() as sink:
        play = stage(app)
        with transaction():
            sponsor = sponsors.of(play.engagement)
            owner = members.owners(play.scope.workspace_id)[0]
            assert sponsor is not None
            number = play.scope.workspace_id
            sponsors.ask_approval(sponsor, workspace_id=number, language="en", at=MONDAY)
            telling.test_letter(play.engagement, owner, at=MONDAY)
        assert {"sponsor-approval", "test-letter"} <= waiting()
        with transaction():
            erasing.discard(play.scope, play.engagement, at=MONDAY)
        assert not {"sponsor-approval", "test-letter"} & waiting()
        assert sent(sink) == []


def test_one_that_was_called_off_sends_no_invitation_that_still_waits(app: Flask) -> None:
    with app.app_context(), post.sink() as sink:
        play = stage(app, groups={"Operations": 8}, sponsor=False)
        play.launch()
        assert "invitation" in waiting()
        with transaction():
            again.call_off(play.scope, play.engagement, at=MONDAY)
        assert len(sent(sink)) == 8  # that it was called off, and nothing to open
        assert "invitation" not in waiting()
