"""Which engagements ask which instrument of their workspace."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from survey_service.collection import shelf
from survey_service.collection.models import OwnInstrument
from survey_service.engagements.models import Engagement
from survey_service.foundation.db import db
from survey_service.foundation.errors import Refusal
from survey_service.foundation.i18n import lazy_gettext as _l
from survey_service.workspaces.scope import Scope


class StillAsked(Refusal):
    """An engagement asks it. Facts: title, buyer."""

    sentence = _l("“%(title)s” is asked at %(buyer)s. Choose another there first.")


class WasLaunched(Refusal):
    """People have answered it. Facts: title."""

    sentence = _l("“%(title)s” has been launched; it stays, so that its reports can be read.")


def users(scope: Scope) -> Mapping[str, Sequence[Engagement]]:
    """Key -> the workspace's engagements that ask it or last did, newest first."""
    chosen = select(Engagement).where(Engagement.workspace_id == scope.workspace_id)
    found = defaultdict(list)
    for engagement in db.session.scalars(chosen.order_by(Engagement.id.desc())):
        found[engagement.instrument].append(engagement)
    return found


def throw_away(scope: Scope, row: OwnInstrument, *, at: datetime) -> None:
    """Delete a version nobody asks. Raises NotAllowed, StillAsked, WasLaunched."""
    if row.frozen_at is not None:
        raise WasLaunched(title=row.title)
    chosen = select(Engagement).where(
        Engagement.workspace_id == scope.workspace_id, Engagement.instrument == row.key
    )
    asking = db.session.scalars(chosen.limit(1)).first()
    if asking is not None:
        raise StillAsked(title=row.title, buyer=asking.buyer)
    shelf.throw_away(scope, row, at=at)
