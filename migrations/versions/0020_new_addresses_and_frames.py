"""accounts move to another address; a share link may let one site show its report in a frame"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "account",
        sa.Column(
            "wanted_email",
            sa.String(),
            nullable=True,
            comment="where it moves once a letter there is answered",
        ),
    )
    op.add_column(
        "account",
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=True, comment="when that was asked for"),
    )
    op.add_column(
        "share",
        sa.Column(
            "frame_origin",
            sa.String(),
            nullable=True,
            comment="the one site that may show the page in a frame; null: none",
        ),
    )


def downgrade() -> None:
    op.drop_column("share", "frame_origin")
    op.drop_column("account", "wanted_at")
    op.drop_column("account", "wanted_email")
