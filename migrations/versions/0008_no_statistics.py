"""no statistics: PostgreSQL keeps samples of columns, and would keep some of a box's after it is gone"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = tuple(
    (box, column) for box in ("sheet_box", "text_box", "held_text") for column in ("id", "ciphertext")
)


def upgrade() -> None:
    _sample(0)


def downgrade() -> None:
    _sample(-1)


def _sample(size: int) -> None:
    """How many values ANALYZE may keep: none, or -1 for the server's own choice."""
    if op.get_bind().dialect.name == "postgresql":
        for box, column in COLUMNS:
            op.execute(f"ALTER TABLE {box} ALTER COLUMN {column} SET STATISTICS {size}")
