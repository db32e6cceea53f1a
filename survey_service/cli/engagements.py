"""The main job from the shell: engagement, roster, launch, report."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import click

from survey_service.cli.door import Command, Group, as_json, engagement_and_scope, say, workspace_named
from survey_service.cli.reporting import FORMATS, SHEETS, write_report
from survey_service.collection import shelf
from survey_service.engagements import desk, roster
from survey_service.engagements.roster_check import BadRow
from survey_service.foundation import i18n
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import LANGUAGES
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.installation import installation
from survey_service.instrument import catalog
from survey_service.waves import launch as launching
from survey_service.workspaces import members, schedule
from survey_service.workspaces import scope as scopes
from survey_service.workspaces.scope import Scope


class RosterHasFaults(Refusal):
    """Nothing was imported."""

    sentence = _l("Nothing was imported; %(count)d rows have to be corrected first:\n%(rows)s")


@click.group(cls=Group)
def engagement() -> None:
    """Buying organisations facing one change."""


@engagement.command()
@click.option("--workspace", "workspace", required=True, help="Key or name of the workspace.")
@click.option("--buyer", required=True, help="The buying organisation.")
@click.option("--change", required=True, help="The change in one neutral sentence, without a product's name.")
@click.option("--closes-at", required=True, metavar="MOMENT", help="For example 2026-12-11T17:00.")
@click.option("--sponsor", metavar="ADDRESS", help="The buyer's own lead; without one no free text is asked.")
@click.option("--sponsor-name", default="", help="Name of the sponsor; else the address.")
@click.option(
    "--instrument",
    default="core",
    show_default=True,
    help="core, pulse, or the key of one of the workspace's own.",
)
@click.option("--language", default="en", show_default=True, type=click.Choice(sorted(LANGUAGES)))
@click.option("--time-zone", default="Europe/Berlin", show_default=True)
@click.option("--believed-step", type=click.IntRange(1, 13), help="Where you think they are on the 13 steps.")
@click.option(
    "--reminders",
    metavar="DAYS",
    help="Working days after launch, and last for the one before the close: '2 5 last', or '' for none. "
    "Else as the workspace has it.",
)
@as_json
def create(
    workspace: str,
    buyer: str,
    change: str,
    closes_at: str,
    sponsor: str | None,
    sponsor_name: str,
    instrument: str,
    language: str,
    time_zone: str,
    believed_step: int | None,
    reminders: str | None,
    as_json: bool,
) -> None:
    """Open an engagement; prints its key."""
    scope = scopes.of_operator(workspace_named(workspace))
    with transaction():
        made = desk.open_engagement(
            scope,
            buyer=buyer,
            change=change,
            language=language,
            time_zone=known_zone(time_zone),
            closes_at=moment(closes_at, known_zone(time_zone)),
            believed_step=believed_step,
            instrument=_instrument(scope, instrument),
            sponsor_name=sponsor_name or (sponsor or "").split("@")[0],
            sponsor_email=sponsor or "",
            has_no_sponsor=sponsor is None,
            reminders=None if reminders is None else schedule.read(reminders),
            at=now(),
        )
        facts = {"engagement": made.key, "buyer": made.buyer, "change": made.change}
    say(facts, str(facts["engagement"]), as_json=as_json)


def moment(text: str, zone: str) -> datetime:
    """A moment as typed, in the zone where it names none. Raises click.BadParameter."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as fault:
        raise click.BadParameter(f"{text!r} is no moment; write it like 2026-12-11T17:00.") from fault
    return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone))


def known_zone(name: str) -> str:
    """The name of a time zone. Raises click.BadParameter."""
    if name not in available_timezones():
        raise click.BadParameter(f"{name!r} is no time zone; write it like Europe/Berlin.")
    return name


def _instrument(scope: Scope, name: str) -> str:
    """A key such as core/1, from the key or from the name alone (its newest version)."""
    keys = [*catalog.names(), *(row.key for row in reversed(shelf.listed(scope)))]
    matching = [key for key in keys if name in (key, key.split("/")[0])]
    if not matching:
        raise click.BadParameter(f"{name!r} is no instrument; there are: {', '.join(keys)}.")
    return matching[-1]


@click.group(cls=Group, name="roster")
def roster_group() -> None:
    """Who has a say."""


@roster_group.command(name="import")
@click.argument("key")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def import_roster(key: str, file: Path, as_json: bool) -> None:
    """Import a CSV of people into engagement KEY; with a single bad row nothing is imported."""
    found, scope = engagement_and_scope(key)
    judged = roster.judge_file(found, file.read_bytes(), refused_domains=members.domains(scope.workspace_id))
    if judged.bad:
        raise RosterHasFaults(count=len(judged.bad), rows="\n".join(map(_fault, judged.bad)))
    with transaction():
        desk.hold(scope, key)
        desk.need_unlaunched(found, launched=launching.standing_wave(found) is not None)
        roster.add_all(found, judged.good, who=scope.who, at=now())
        on_paper = sum(not one.email for one in judged.good)
        facts = {
            "key": key,
            "imported": len(judged.good),
            "on_paper": on_paper,
            "groups": roster.sizes(found),
        }
    without = f" Without an e-mail address, to be asked on paper: {on_paper}." if on_paper else ""
    say(facts, f"{facts['imported']} people imported.{without}", as_json=as_json)


def _fault(row: BadRow) -> str:
    """Line 7: The address is missing. (Ada Bode; ; Sales)"""
    return f"Line {row.line}: {' '.join(map(str, row.reasons))} ({'; '.join(row.cells)})"


@click.command(cls=Command)
@click.argument("key")
@click.option(
    "--k",
    type=click.Choice(["5", "9"]),
    default="5",
    show_default=True,
    help="No figure rests on fewer answers: 5, or 9 against two people who put their answers together.",
)
@as_json
def launch(key: str, k: str, as_json: bool) -> None:
    """Freeze the terms of engagement KEY and invite everyone on its roster."""
    found, scope = engagement_and_scope(key)
    with transaction():
        wave = launching.launch(scope, found, installation=installation(), at=now(), k=int(k))
        facts = {
            "key": key,
            "engagement": key,
            "wave": wave.number,
            "terms": wave.terms_sha256,
            "closes_at": wave.closes_at.isoformat(),
        }
        closes = i18n.moment(wave.closes_at, found.time_zone)
    say(facts, f"Launched. It closes on {closes}.", as_json=as_json)


@click.command(cls=Command)
@click.argument("key")
@click.option("--format", "form", type=click.Choice(FORMATS), default="json", show_default=True)
@click.option(
    "-o", "--output", "target", type=click.Path(dir_okay=False, path_type=Path), help="Else standard output."
)
@click.option("--language", type=click.Choice(sorted(LANGUAGES)), help="Else the engagement's.")
@click.option("--paper", type=click.Choice(SHEETS), default="a4", show_default=True, help="For a PDF.")
@as_json
def report(key: str, form: str, target: Path | None, language: str | None, paper: str, as_json: bool) -> None:
    """Write the released report of engagement KEY."""
    found = engagement_and_scope(key)[0]
    tongue = language or found.language
    content = write_report(installation(), found, form, tongue, paper=paper, at=now())
    if target is None:
        click.echo(content, nl=False)
        return
    target.write_bytes(content)
    say({"file": str(target), "bytes": len(content)}, f"Written to {target}.", as_json=as_json)


COMMANDS = (engagement, roster_group, launch, report)
