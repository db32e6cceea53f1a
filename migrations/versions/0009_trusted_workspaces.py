"""the operator trusts a workspace; those that exist already are trusted"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "workspace",
        sa.Column(
            "is_trusted",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="by the operator: may write to any number of people a day",
        ),
    )
    op.execute("UPDATE workspace SET is_trusted = true")


def downgrade() -> None:
    op.drop_column("workspace", "is_trusted")
