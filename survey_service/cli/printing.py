"""Invitations on paper."""

from pathlib import Path

import click

from survey_service.cli.door import Command, as_json, engagement_and_scope, say
from survey_service.foundation.clock import now
from survey_service.foundation.db import transaction
from survey_service.foundation.errors import NotFound
from survey_service.foundation.installation import installation
from survey_service.reports.pdf import packaged, render_pdf
from survey_service.scheduler import printing
from survey_service.waves import launch as launching


@click.command(cls=Command, name="print-letters")
@click.argument("key")
@click.option(
    "--for", "whom", multiple=True, metavar="ADDRESS|NAME", help="May be repeated; else all without address."
)
@click.option("--new-links", is_flag=True, help="Void the pages printed before, where one was lost.")
@click.option(
    "-o",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="HTML, or PDF by its name.",
)
@as_json
def print_letters(key: str, whom: tuple[str, ...], new_links: bool, file: Path, as_json: bool) -> None:
    """Write invitations of engagement KEY as pages to print, each with its link as a QR code.

    The pages open people's links: print them at once, into sealed envelopes, and delete the file.
    """
    wave = launching.wave_of(engagement_and_scope(key)[0])
    if wave is None:
        raise NotFound
    at = now()
    with transaction():
        asked = printing.asked(wave, whom, at=at)
        if new_links:
            printing.renew(asked)
        is_pdf = file.suffix.lower() == ".pdf"
        html = printing.printed(wave, asked, installation(), at=at, asset=packaged if is_pdf else None)
        content = render_pdf(html) if is_pdf else html.encode()
        file.touch(mode=0o600)
        file.chmod(0o600)
        file.write_bytes(content)
    facts = {"letters": len(asked), "file": str(file)}
    say(facts, f"{len(asked)} -> {file}", as_json=as_json)


COMMANDS = (print_letters,)
