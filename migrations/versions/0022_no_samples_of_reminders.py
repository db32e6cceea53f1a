"""no samples of reminders: whose address stood in letters more often than others' had not yet answered"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

#: Table -> columns that tell who was reminded, and their types.
COLUMNS = {
    "dispatch": {
        "kind": "VARCHAR",
        "to_address": "VARCHAR",
        "to_name": "VARCHAR",
        "language": "VARCHAR",
        "facts": "JSON",
    },
    "invitation": {
        "spent": "BOOLEAN",
        "remind_at": "TIMESTAMP WITH TIME ZONE",
        "reminders_sent": "INTEGER",
    },
    "minute_count": {"name": "VARCHAR", "taken": "INTEGER"},
}


def upgrade() -> None:
    _sample(0)


def downgrade() -> None:
    _sample(-1)


def _sample(size: int) -> None:
    """How many values ANALYZE may keep: none, or -1 for the server's own choice.

    Giving a column the type it has changes nothing but this: PostgreSQL drops what it had sampled.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in COLUMNS.items():
        for column, kind in columns.items():
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS {size}")
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}")
