"""retention: when an engagement was archived, is erased, and how long its sponsor wants it kept"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COLUMNS = {
    "archived_at": "since when it is out of the list",
    "erases_at": "when it is erased, as its people were told",
    "kept_until": "the sponsor wants it kept so long, whatever the workspace wants",
}


def upgrade() -> None:
    for name, comment in COLUMNS.items():
        op.add_column(
            "engagement", sa.Column(name, sa.DateTime(timezone=True), nullable=True, comment=comment)
        )


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("engagement", name)
