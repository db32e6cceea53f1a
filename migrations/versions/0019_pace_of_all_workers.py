"""the pace of letters is counted by all workers together"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "minute_count",
        sa.Column("name", sa.String(), nullable=False, comment="a mail host or a workspace"),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False, comment="when it began"),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_minute_count")),
    )


def downgrade() -> None:
    op.drop_table("minute_count")
