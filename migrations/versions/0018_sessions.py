"""sessions: which browsers are signed in, so that each can be ended"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "browser_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "mark", sa.String(), nullable=False, comment="SHA-256 of the word in the browser's signed cookie"
        ),
        sa.Column(
            "browser",
            sa.String(),
            nullable=False,
            comment="which browser on which system, in words; no version",
        ),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, comment="to within five minutes"),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_browser_session_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_session")),
        sa.UniqueConstraint("mark", name=op.f("uq_browser_session_mark")),
    )
    op.create_index(op.f("ix_browser_session_account_id"), "browser_session", ["account_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_browser_session_account_id"), table_name="browser_session")
    op.drop_table("browser_session")
