"""For whoever watches the server: whether it lives, and whether it can work."""

from flask import jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from survey_service.foundation.db import db
from survey_service.foundation.installation import installation
from survey_service.foundation.upgrade import is_current
from survey_service.web.public.door import door


@door.get("/healthz")
def healthz() -> Response:
    """The process answers; nothing else is asked."""
    return jsonify(alive=True)


@door.get("/readyz")
def readyz() -> tuple[Response, int]:
    """200 where tables and keys are in order, else 503 with the names of what is not; no more."""
    faults = [name for name, is_well in (("database", _database()), ("keys", _keys())) if not is_well]
    return jsonify(ready=not faults, faults=faults), 503 if faults else 200


def _database() -> bool:
    """Whether it answers, with the tables of this version."""
    try:
        db.session.execute(text("SELECT 1"))
        return is_current()
    except SQLAlchemyError:
        db.session.rollback()
        return False


def _keys() -> bool:
    """Whether the key directory can be read and holds the link key."""
    try:
        return bool(installation().links.token("ready", b"12345678", 1))
    except Exception:  # whatever is wrong with a key, the answer is the same
        return False
