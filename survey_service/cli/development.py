"""Commands that stand in for other people and for time; refused in production."""

from pathlib import Path

import click
from sqlalchemy import func, select

from survey_service.cli import demo as showing
from survey_service.cli import simulation
from survey_service.cli.door import Command, as_json, engagement_and_scope, need_development, say
from survey_service.cli.engagements import known_zone, moment
from survey_service.engagements import sponsor as sponsors
from survey_service.foundation.clock import now
from survey_service.foundation.db import db, transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.installation import installation
from survey_service.outbox import keeping
from survey_service.scheduler import timetable
from survey_service.waves import handover
from survey_service.waves import launch as launching
from survey_service.waves.models import Release


class NoSponsor(Refusal):
    """Nobody whose word this could stand for."""

    sentence = _l("This engagement has no sponsor; nothing has to be approved.")


class NotLaunched(Refusal):
    """No wave yet."""

    sentence = _l("This engagement has not been launched.")


class TickFailed(Refusal):
    """Part of the timetable did not work."""

    sentence = _l("Failed, and will be tried again at the next turn: %(names)s. The log says why.")


@click.command(cls=Command)
@click.argument("key")
@as_json
def approve(key: str, as_json: bool) -> None:
    """Stand for the sponsor's approval of engagement KEY (development only)."""
    need_development()
    found = engagement_and_scope(key)[0]
    with transaction():
        sponsor = sponsors.of(found)
        if sponsor is None:
            raise NoSponsor
        sponsors.approve(sponsor, sponsors.digest(found), at=now())
    say({"engagement": key, "approved": True}, "Approved.", as_json=as_json)


@click.command(cls=Command)
@click.argument("key")
@as_json
def release(key: str, as_json: bool) -> None:
    """Stand for the sponsor's release of the report of engagement KEY (development only)."""
    need_development()
    found = engagement_and_scope(key)[0]
    with transaction():
        wave = launching.wave_of(found)
        if wave is None:
            raise NotLaunched
        handover.release_to_seller(wave, who="sponsor", at=now())
    say({"engagement": key, "released": True}, "Released.", as_json=as_json)


@click.command(cls=Command)
@click.option("--at", "at", required=True, metavar="MOMENT", help="For example 2026-12-11T17:00+01:00.")
@click.option(
    "--time-zone",
    default="Europe/Berlin",
    show_default=True,
    callback=lambda _context, _option, name: known_zone(name),
    help="Whose clock MOMENT is on where it names no zone, as for engagement create.",
)
@as_json
def tick(at: str, time_zone: str, as_json: bool) -> None:
    """Run the whole timetable once as if it were MOMENT, and say what came of it (development only).

    Of reminders nothing is counted: their number would say how many links were not used.
    """
    need_development()
    then, before = moment(at, time_zone), _closed()
    failed = timetable.tick(installation(), at=then)
    if failed:
        raise TickFailed(names=", ".join(failed))
    closed, waiting = _closed() - before, keeping.counts().get("queued", 0)
    words = (
        f"Done as if it were {then.isoformat()}. Waves closed: {closed}. "
        f"Letters that wait for a later moment: {waiting}, reminders left aside."
    )
    facts = {"at": at, "as_if": then.isoformat(), "failed": failed, "closed": closed, "waiting": waiting}
    say(facts, words, as_json=as_json)


def _closed() -> int:
    """How many waves have been released so far."""
    return db.session.scalar(select(func.count()).select_from(Release)) or 0


@click.command(cls=Command)
@click.argument("key")
@click.option("--people", type=click.IntRange(0), help="How many answer, made up from the seed.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--answers", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="CSV of answers."
)
@as_json
def simulate(key: str, people: int | None, seed: int, file: Path | None, as_json: bool) -> None:
    """Answer engagement KEY through the respondents' own pages, each by their own link (development only).

    The CSV has the columns email (the address; the name of somebody asked on paper), Q01.. (1-5, dk, na or
    empty), concerns (K01 K05), text1, text2.
    """
    need_development()
    if (people is None) == (file is None):
        raise click.UsageError("Give either --people or --answers.")
    found = engagement_and_scope(key)[0]
    wave = launching.wave_of(found)
    if wave is None:
        raise NotLaunched
    sheets = simulation.from_file(wave, file) if file else simulation.made_up(wave, people or 0, seed)
    facts = simulation.answer(wave, sheets)
    say({"engagement": key, "answered": facts}, f"{facts} people answered.", as_json=as_json)


@click.command(cls=Command)
@as_json
def demo(as_json: bool) -> None:
    """Make the demo workspace, where it is not there yet (development only)."""
    need_development()
    made = showing.make(installation())
    say({"made": made}, showing.banner(installation().settings.base_url), as_json=as_json)


COMMANDS = (approve, release, tick, simulate, demo)
