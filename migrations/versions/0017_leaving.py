"""leaving: when a workspace is deleted, and who asked for it"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

WHEN = "when everything of it is deleted; none: it stays"
WHO = "name of the owner who asked for it"


def upgrade() -> None:
    op.add_column(
        "workspace", sa.Column("deletes_at", sa.DateTime(timezone=True), nullable=True, comment=WHEN)
    )
    op.add_column("workspace", sa.Column("deleted_by", sa.String(), nullable=True, comment=WHO))


def downgrade() -> None:
    op.drop_column("workspace", "deleted_by")
    op.drop_column("workspace", "deletes_at")
