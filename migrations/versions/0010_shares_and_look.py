"""shares and look: a passphrase on a share link; a logo and a colour of the workspace's own"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "share",
        sa.Column(
            "passphrase_hash", sa.String(), nullable=True, comment="Argon2id; null where the link is enough"
        ),
    )
    op.add_column(
        "workspace",
        sa.Column("logo", sa.LargeBinary(), nullable=True, comment="PNG, drawn by the app itself"),
    )
    op.add_column(
        "workspace", sa.Column("colour", sa.String(), nullable=True, comment="#rrggbb, dark enough for words")
    )


def downgrade() -> None:
    op.drop_column("workspace", "colour")
    op.drop_column("workspace", "logo")
    op.drop_column("share", "passphrase_hash")
