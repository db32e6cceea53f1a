"""instruments of a workspace's own; a version that was launched never changes"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NAME = "own_instrument_frozen"
SAYS = "an instrument is frozen at its first launch"


def upgrade() -> None:
    op.create_table(
        "own_instrument",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column(
            "name", sa.String(), nullable=False, comment="random; all versions of one instrument share it"
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False, comment="what the workspace calls it"),
        sa.Column("draft", sa.String(), nullable=False, comment="JSON: see instrument.draft"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column(
            "frozen_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="first launched; from then on nothing of it changes",
        ),
        sa.Column("asked", sa.String(), nullable=True, comment="JSON: what was launched, as it was then"),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_own_instrument_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_instrument")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_own_instrument_name_version")),
    )
    op.create_index(op.f("ix_own_instrument_workspace_id"), "own_instrument", ["workspace_id"])
    _guard()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER IF EXISTS {NAME}")
    else:
        op.execute(f"DROP TRIGGER IF EXISTS {NAME} ON own_instrument")
        op.execute(f"DROP FUNCTION IF EXISTS {NAME}()")
    op.drop_table("own_instrument")


def _guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {NAME} BEFORE UPDATE ON own_instrument WHEN OLD.frozen_at IS NOT NULL "
            f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF OLD.frozen_at IS NOT NULL THEN RAISE EXCEPTION '{SAYS}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {NAME} BEFORE UPDATE ON own_instrument FOR EACH ROW EXECUTE FUNCTION {NAME}()"
    )
