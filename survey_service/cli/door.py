"""How every command speaks: facts as JSON or as a line; a refusal on standard error with exit status 1."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from survey_service.engagements import desk
from survey_service.engagements.models import Engagement
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotFound, Refusal
from survey_service.foundation.i18n import gettext as _
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.foundation.installation import installation
from survey_service.foundation.settings import SettingsError
from survey_service.foundation.upgrade import is_current, upgrade
from survey_service.workspaces import scope as scopes
from survey_service.workspaces.models import Workspace
from survey_service.workspaces.scope import Scope

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")


class Command(click.Command):
    """A command that refuses in one sentence and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        try:
            return super().invoke(ctx)
        except (Refusal, SettingsError) as refusal:
            db.session.rollback()
            click.echo(str(refusal), err=True)
            sys.exit(1)


class Group(AppGroup):
    """Commands and groups of commands that refuse alike."""

    command_class = Command


@click.group(cls=Group, name="survey", help="Run Common Ground from the shell.")
@with_appcontext
def survey() -> None:
    """In development the tables are made or brought up to date first, so any command may be the first."""
    if installation().settings.development and not is_current():
        upgrade()


class NoSuchKey(NotFound):
    """Nothing of that key or name."""

    sentence = _l("There is no %(kind)s “%(key)s”.")


class NameTaken(NotFound):
    """More than one workspace has the name."""

    sentence = _l("%(count)d workspaces are called “%(name)s”. Give the key of the one you mean: %(keys)s.")


def say(facts: Mapping[str, Any], words: str, *, as_json: bool) -> None:
    """Print the facts for machines, or the words for people."""
    click.echo(json.dumps(facts, ensure_ascii=False, indent=2) if as_json else words)


def engagement_and_scope(key: str) -> tuple[Engagement, Scope]:
    """The engagement of that key, seen with the operator's eyes. Raises NoSuchKey."""
    found = db.session.scalar(select(Engagement).where(Engagement.key == key))
    if found is None:
        raise NoSuchKey(kind=_("engagement"), key=key)
    scope = scopes.of_operator(db.session.get_one(Workspace, found.workspace_id))
    return desk.find(scope, key), scope


def workspace_named(name: str) -> Workspace:
    """The workspace of that key, or of that name where only one has it. Raises NoSuchKey, NameTaken."""
    chosen = select(Workspace).where((Workspace.key == name) | (Workspace.name == name))
    found = list(db.session.scalars(chosen))
    if not found:
        raise NoSuchKey(kind=_("workspace"), key=name)
    if len(found) > 1:
        raise NameTaken(count=len(found), name=name, keys=", ".join(one.key for one in found))
    return found[0]


def need_development() -> None:
    """Refuse what stands in for other people, except where there are none. Raises DevelopmentOnly."""
    if not installation().settings.development:
        raise DevelopmentOnly


class DevelopmentOnly(Refusal):
    """A command that acts for someone else."""

    sentence = "This command acts for other people and works in development only (SURVEY_ENV=development)."
