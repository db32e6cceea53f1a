"""keys watched: a mark shared by tables and key directory, what is wrong with a wave; erased people leave"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: As in 0002; batch mode re-creates `invitation` on SQLite, without its trigger.
GROUP_FROZEN = (
    "CREATE TRIGGER invitation_group_frozen BEFORE UPDATE ON invitation "
    "WHEN NEW.wave_id IS NOT OLD.wave_id OR NEW.group_name IS NOT OLD.group_name "
    "BEGIN SELECT RAISE(ABORT, 'a stakeholder''s group is frozen in the terms'); END"
)


def upgrade() -> None:
    # Plain ALTER TABLE, not batch mode, which would re-create `wave` on SQLite, without its triggers.
    op.add_column(
        "wave",
        sa.Column(
            "mark",
            sa.String(),
            nullable=True,
            comment="turns every hour; the key directory knows the newest",
        ),
    )
    op.add_column(
        "wave", sa.Column("trouble", sa.String(), nullable=True, comment="why no answers are taken")
    )
    op.add_column("wave", sa.Column("trouble_since", sa.DateTime(timezone=True), nullable=True))
    _lead_to_stakeholder(ondelete="CASCADE")


def downgrade() -> None:
    _lead_to_stakeholder(ondelete=None)
    for column in ("trouble_since", "trouble", "mark"):
        op.drop_column("wave", column)


def _lead_to_stakeholder(ondelete: str | None) -> None:
    """Whoever is erased takes their invitation along."""
    name = op.f("fk_invitation_stakeholder_id_stakeholder")
    with op.batch_alter_table("invitation") as batch:
        batch.drop_constraint(name, type_="foreignkey")
        batch.create_foreign_key(name, "stakeholder", ["stakeholder_id"], ["id"], ondelete=ondelete)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(GROUP_FROZEN)
