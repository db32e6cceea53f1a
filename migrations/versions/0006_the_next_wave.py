"""the next wave of an engagement is prepared while the last report stands"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "engagement",
        sa.Column(
            "prepares_next",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="after a release: the next wave is in preparation",
        ),
    )


def downgrade() -> None:
    op.drop_column("engagement", "prepares_next")
