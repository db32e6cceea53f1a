"""Running the installation: serve, scheduler, doctor, tables."""

import click

from survey_service.cli import serving, watching
from survey_service.cli.door import Command, Group, as_json, say
from survey_service.foundation import doctor as checks
from survey_service.foundation.installation import installation
from survey_service.foundation.upgrade import is_current, upgrade

APART = "OK       keys and data lie on different volumes"
TOGETHER = (
    "careful  keys and data lie on one volume: a snapshot of it holds both, and voids the promise "
    "against a thief. Put SURVEY_KEY_DIR on another volume, or keep it out of every snapshot and backup."
)


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
    """Say what this machine has and what is missing."""
    found = checks.examine()
    facts = {one.name: one.present for one in found}
    lines = list(map(str, found))
    settings = installation().settings
    if not settings.development:
        facts["keys apart"] = checks.are_apart(settings.key_dir, settings.data_dir)
        lines.append(APART if facts["keys apart"] else TOGETHER)
    say(facts, "\n".join(lines), as_json=as_json)


COMMANDS = (serve, scheduler, watching.letters, migrate, doctor)
