"""who takes which of the next conversations, and by when"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column(
            "steps",
            sa.JSON(),
            nullable=False,
            comment="topic key -> owner, due_on and done_on (days in ISO 8601, or null)",
        ),
        sa.Column("is_shown", sa.Boolean(), nullable=False, comment="the sponsor lets the seller see it"),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name=op.f("fk_follow_up_wave_id_wave"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("wave_id", name=op.f("uq_follow_up_wave_id")),
    )


def downgrade() -> None:
    op.drop_table("follow_up")
