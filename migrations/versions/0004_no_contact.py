"""who wants no letters from a workspace"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "no_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False, comment="SHA-256 of workspace and address"),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_no_contact_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_contact")),
        sa.UniqueConstraint("workspace_id", "mark", name=op.f("uq_no_contact_workspace_id_mark")),
    )


def downgrade() -> None:
    op.drop_table("no_contact")
