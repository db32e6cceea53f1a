"""Running the installation: serve, scheduler, doctor, tables."""

import sys
from dataclasses import asdict

import click

from survey_service.cli import checkup, serving, watching
from survey_service.cli.door import Command, Group, as_json, say
from survey_service.foundation.clock import now
from survey_service.foundation.installation import installation
from survey_service.foundation.upgrade import is_current, upgrade


@click.command(cls=Command)
@click.option("--bind", help="Address and port; else those of SURVEY_BASE_URL.")
def serve(bind: str | None) -> None:
    """Serve the site and run the timetable, until Ctrl-C."""
    serving.serve(bind)


@click.group(cls=Group)
def scheduler() -> None:
    """The timetable: closing, reminding, sending."""


@scheduler.command(name="run")
def run_scheduler() -> None:
    """Run the timetable until SIGTERM."""
    serving.run_timetable()


scheduler.add_command(watching.status)


@click.command(cls=Command)
@as_json
def migrate(as_json: bool) -> None:
    """Make the tables, or bring them up to date; make the link key where there is none yet."""
    installation().keys.prepare()
    changed = not is_current()
    if changed:
        upgrade()
    say(
        {"changed": changed},
        "The tables were brought up to date." if changed else "Nothing to do.",
        as_json=as_json,
    )


@click.command(cls=Command)
@as_json
def doctor(as_json: bool) -> None:
    """Look at everything this installation needs, and say what to do where something is wrong.

    Exit status 1 where it cannot work as it is; what deserves care alone is said and passes.
    """
    found = checkup.examine(installation(), at=now())
    is_well = all(one.state != checkup.WRONG for one in found)
    facts = {"well": is_well, "checks": [asdict(one) for one in found]}
    say(facts, "\n".join(map(str, found)), as_json=as_json)
    if not is_well:
        sys.exit(1)


COMMANDS = (serve, scheduler, watching.letters, migrate, doctor)
