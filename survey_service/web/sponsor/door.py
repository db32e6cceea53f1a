"""The sponsor's door: a personal link, no account, no cookie."""

from dataclasses import dataclass

from flask import g

from survey_service.engagements import sponsor as sponsors
from survey_service.engagements.models import Engagement, Sponsor
from survey_service.foundation.db import db
from survey_service.foundation.errors import NotFound
from survey_service.foundation.installation import installation
from survey_service.web.audiences import Door
from survey_service.workspaces.models import Workspace

PURPOSE = "sponsor"

door = Door("sponsor", __name__, audience="sponsor", url_prefix="/s/<token>")


@dataclass(frozen=True)
class Seat:
    """The sponsor and what they see."""

    token: str
    sponsor: Sponsor
    engagement: Engagement
    workspace: Workspace


@door.url_value_preprocessor
def _sit_down(_endpoint: str | None, values: dict[str, str] | None) -> None:
    """Find the sponsor by the link before any route; raises NotFound, whatever is wrong with it."""
    g.seat = _seat((values or {}).pop("token", ""))


def _seat(token: str) -> Seat:
    links = installation().links
    identity = links.identity(token)
    found = identity and sponsors.by_link(identity.hex())
    if not found or not links.is_genuine(token, PURPOSE, found.link_version):
        raise NotFound
    engagement = db.session.get_one(Engagement, found.engagement_id)
    workspace = db.session.get_one(Workspace, engagement.workspace_id)
    return Seat(token=token, sponsor=found, engagement=engagement, workspace=workspace)


def seat() -> Seat:
    """Who sits here."""
    here = g.seat
    assert isinstance(here, Seat)
    return here


@door.url_defaults
def _stay(endpoint: str, values: dict[str, str]) -> None:
    """Addresses within the door keep the link."""
    if endpoint.startswith("sponsor.") and "seat" in g:
        values.setdefault("token", g.seat.token)
