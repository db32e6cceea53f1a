"""Invitations on paper."""

from pathlib import Path

import click

from survey_service.cli.door import Command, as_json, engagement_and_scope, say
from survey_service.foundation.clock import now
from survey_service.foundation.errors import NotFound
from survey_service.foundation.installation import installation
from survey_service.scheduler import printing
from survey_service.waves import launch as launching


@click.command(cls=Command, name="print-letters")
@click.argument("key")
@click.option("--for", "addresses", multiple=True, required=True, metavar="ADDRESS", help="May be repeated.")
@click.option("-o", "file", type=click.Path(dir_okay=False, path_type=Path), required=True, help="HTML file.")
@as_json
def print_letters(key: str, addresses: tuple[str, ...], file: Path, as_json: bool) -> None:
    """Write invitations of engagement KEY as pages to print, each with its link as a QR code.

    The pages open people's links: print them at once, into sealed envelopes, and delete the file.
    """
    wave = launching.wave_of(engagement_and_scope(key)[0])
    if wave is None:
        raise NotFound
    asked = {address.strip().lower() for address in addresses}
    content = printing.printed(wave, asked, installation(), at=now())
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text(content, encoding="utf-8")
    facts = {"letters": len(asked), "file": str(file)}
    say(facts, f"{len(asked)} -> {file}", as_json=as_json)


COMMANDS = (print_letters,)
