"""Alembic's door: the app's own engine and metadata, safe for SQLite's batch mode."""

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from survey_service.foundation.db import Moment, db


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our own types as what they are in the database, so that old migrations need none of our code."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def keep_children(connection: Connection, on: bool) -> None:
    """Batch mode re-creates tables; with foreign keys on, SQLite would silently delete their children."""
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.driver_connection
        raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def check_children(connection: Connection) -> None:
    """Refuse to finish with a row that points nowhere."""
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if orphans:
            raise RuntimeError(f"the migration would leave rows that point nowhere: {orphans[:5]}")


def run() -> None:
    """Migrate in one transaction on the app's engine; a failure leaves the tables as they were.

    Alembic takes SQLite's table changes for final, because Python's driver used to commit before them. Ours
    begins by hand (foundation/db.py), so they are rolled back like any other.
    """
    options: dict[str, Any] = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        keep_children(connection, on=False)
        try:
            context.configure(
                connection=connection,
                target_metadata=db.metadata,
                render_item=render_item,
                transactional_ddl=True,
                **options,
            )
            with context.begin_transaction():
                context.run_migrations()
                check_children(connection)
        finally:
            connection.rollback()  # nothing is left to lose; within a transaction the next line does nothing
            keep_children(connection, on=True)


run()
