"""Key files that outlived what they open: after a restore, or from an older copy of the key directory."""

import re

from sqlalchemy import select

from survey_service.foundation.db import db
from survey_service.foundation.key_directory import KeyDirectory
from survey_service.waves.models import Wave

NAMED = re.compile(r"(wave|review)-([a-z0-9]+)\.(?:key|mark)")


def found(keys: KeyDirectory) -> list[str]:
    """Files that no survey of these tables needs any more, and so none destroys. Raises KeyMissing."""
    rows = db.session.execute(select(Wave.key, Wave.key_destroyed_at)).all()
    needed = {("review", key) for key, _ in rows}
    needed |= {("wave", key) for key, destroyed_at in rows if destroyed_at is None}
    named = ((name, NAMED.fullmatch(name)) for name in keys.names())
    return [name for name, seen in named if seen and (seen[1], seen[2]) not in needed]
