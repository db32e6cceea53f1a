"""The independent audit of a report: by the engagement's key, or of any report file."""

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from survey_service.aggregator.audit import Finding, NoReport, SolverMissing, audit
from survey_service.cli.door import Command, as_json, engagement_and_scope, say
from survey_service.engagements.models import Engagement
from survey_service.engagements.roster_csv import read_roster
from survey_service.engagements.roster_words import same_group
from survey_service.foundation.clock import now
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.reports import publish
from survey_service.waves import chain
from survey_service.waves.models import Wave

Document = Mapping[str, Any]
Rosters = dict[int, dict[str, int]]


class AuditUnavailable(Refusal):
    """scipy is an optional dependency."""

    sentence = _l(
        "The audit needs scipy, which is not installed. "
        "Type: .venv/bin/python -m pip install --require-hashes -r requirements/audit.txt"
    )


@click.command(cls=Command, name="audit")
@click.argument("what", metavar="KEY|FILE.json")
@click.option(
    "--roster",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The roster as a CSV file, for what the sizes of groups add.",
)
@as_json
def audit_report(what: str, roster: Path | None, as_json: bool) -> None:
    """Try to work out from a report what anyone answered; exit status 0 if it is safe, 1 if not."""
    document, rosters, has_sponsor = _from_file(Path(what)) if _is_file(what) else _of_engagement(what)
    if roster is not None:
        rosters |= _counted(roster.read_bytes(), document)
    try:
        found = audit(document, rosters, has_sponsor=has_sponsor)
    except SolverMissing as missing:
        raise AuditUnavailable from missing
    except NoReport as fault:
        raise click.BadParameter(f"{what} is no report that can be read: {fault}.") from fault
    say(_facts(found), _words(found), as_json=as_json)
    sys.exit(1 if found else 0)


def _is_file(what: str) -> bool:
    if Path(what).is_file():
        return True
    if what.endswith(".json"):
        raise click.BadParameter(f"there is no file {what}.")
    return False


def _from_file(file: Path) -> tuple[Document, Rosters, bool | None]:
    try:
        document = json.loads(file.read_bytes())
    except ValueError as fault:
        raise click.BadParameter(f"{file} is no JSON.") from fault
    if not isinstance(document, dict) or not document.get("waves"):
        raise click.BadParameter(f"{file} is no report: it has no waves.")
    return document, {}, None


def _of_engagement(key: str) -> tuple[Document, Rosters, bool | None]:
    """What the seller may read, with the rosters and the sponsor of its terms."""
    engagement = engagement_and_scope(key)[0]
    terms = {wave.number: chain.current(wave) for wave in _waves(engagement)}
    document = publish.for_seller(engagement, at=now())
    rosters = {number: dict(one.groups) for number, one in terms.items()}
    return document, rosters, all(one.sponsor is not None for one in terms.values())


def _waves(engagement: Engagement) -> list[Wave]:
    return list(db.session.scalars(select(Wave).where(Wave.engagement_id == engagement.id)))


def _counted(content: bytes, document: Document) -> Rosters:
    """People by group, spelled as in the report; it is the roster of the last wave."""
    table = read_roster(content)
    column = table.guess.get("group")
    if column is None:
        raise click.BadParameter("the roster has no column for the group.", param_hint="--roster")
    last = document["waves"][-1]
    spelled = {same_group(group): group for part in last.get("parts", ()) for group in part["groups"]}
    names = [spelled.get(same_group(row.cell(column)), row.cell(column)) for row in table.rows]
    return {last["wave"]: dict(Counter(names))}


def _facts(found: tuple[Finding, ...]) -> dict[str, Any]:
    return {"safe": not found, "findings": [vars(one) for one in found]}


def _words(found: tuple[Finding, ...]) -> str:
    if not found:
        return "Safe: nobody's answer, and no figure of fewer than k people, follows from this report."
    return "\n".join([f"Not safe: {len(found)} findings.", *(f"* {one}" for one in found)])


COMMANDS = (audit_report,)
