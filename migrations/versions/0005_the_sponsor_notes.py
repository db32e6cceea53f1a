"""the sponsor notes: what should be corrected before they approve"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "sponsor",
        sa.Column(
            "note",
            sa.String(),
            nullable=True,
            comment="what should be corrected before approval; gone when asked again",
        ),
    )
    op.add_column("sponsor", sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("sponsor", "noted_at")
    op.drop_column("sponsor", "note")
