"""Backups from the shell: making one, putting it back."""

import sys
from pathlib import Path

import click

from survey_service.backups import making, restoring
from survey_service.cli.door import Command, as_json, say
from survey_service.foundation.clock import now
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.installation import installation

STREAM = Path("-")


class NotWritten(Refusal):
    """The disk is full, the folder is not there, or not ours."""

    sentence = _l("The backup could not be written: %(reason)s")


@click.command(cls=Command)
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@as_json
def backup(file: Path, as_json: bool) -> None:
    """Write everything but answers, who gave them, and keys into FILE (- for standard output).

    The site may go on meanwhile. FILE can be read by its owner alone; whoever reads it finds people's names
    and addresses: encrypt it before it leaves this machine.
    """
    here, at = installation(), now()
    if file == STREAM:
        making.to_stream(sys.stdout.buffer, at=at)
        return
    try:
        count = making.to_file(file, keys=here.keys.path, at=at)
    except OSError as fault:
        raise NotWritten(reason=fault.strerror or str(fault)) from fault
    facts = {"file": str(file), "rows": count, "bytes": file.stat().st_size, "made_at": at.isoformat()}
    say(facts, _("Written to %(file)s: %(rows)d rows.", file=file, rows=count), as_json=as_json)


@click.command(cls=Command)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--replace", is_flag=True, help="Delete what is here first; else only an empty database is filled."
)
@as_json
def restore(file: Path, replace: bool, as_json: bool) -> None:
    """Put the backup FILE in place. Stop the site and the clock first.

    Waves that were open when it was made cannot go on: their answers are in no backup.
    """
    here = installation()
    done = restoring.from_file(file, replace=replace, at=now())
    here.keys.prepare()
    facts = {"made_at": done.made_at, "tables": done.revision, "rows": done.rows, "lost": list(done.lost)}
    say(facts, "\n".join(_words(done)), as_json=as_json)


def _words(done: restoring.Restored) -> list[str]:
    lines = [_("Restored as of %(moment)s: %(rows)d rows.", moment=done.made_at, rows=done.rows)]
    if done.lost:
        lines.append(
            _(
                "Lost: the open surveys of %(keys)s. They take no answers; in 24 hours, or at once by "
                "flask survey lost KEY, everyone asked is told, and they may be launched anew.",
                keys=", ".join(done.lost),
            )
        )
    lines.append(
        _(
            "Whoever was erased, or asked for no more letters, since then is back: do it again. "
            "Everyone has to sign in anew."
        )
    )
    return lines


COMMANDS = (backup, restore)
