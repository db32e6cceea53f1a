"""a second factor for accounts, and workspaces that need one"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NONCE = "second factor: its secret follows from this and SURVEY_SECRET; none: it is off"
STEP = "the last 30 seconds a code was used for; no code counts twice"
RECOVERY = "SHA-256 of the recovery codes left"


def upgrade() -> None:
    op.add_column("account", sa.Column("totp_nonce", sa.String(), nullable=True, comment=NONCE))
    op.add_column("account", sa.Column("totp_step", sa.Integer(), nullable=True, comment=STEP))
    op.add_column("account", sa.Column("recovery", sa.JSON(), nullable=True, comment=RECOVERY))
    op.add_column(
        "workspace",
        sa.Column(
            "needs_second_factor",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="members without one see nothing but their account page",
        ),
    )


def downgrade() -> None:
    op.drop_column("workspace", "needs_second_factor")
    for name in ("recovery", "totp_step", "totp_nonce"):
        op.drop_column("account", name)
