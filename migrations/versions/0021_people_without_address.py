"""people without an e-mail address: asked by a letter on paper"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ADDRESS = "lower case; NULL: none, asked on paper"
#: What stands in older tables for no address; nothing is ever delivered to .invalid (RFC 6761).
NONE = "@no-address.invalid"


def upgrade() -> None:
    _may_be_null(True, ADDRESS)
    op.execute(
        sa.text("UPDATE stakeholder SET email = NULL WHERE email LIKE :like").bindparams(like=f"%{NONE}")
    )
    op.create_index(
        "uq_stakeholder_name_without_address",
        "stakeholder",
        ["engagement_id", "name"],
        unique=True,
        sqlite_where=sa.text("email IS NULL"),
        postgresql_where=sa.text("email IS NULL"),
    )


def downgrade() -> None:
    """Their links and places stay; a letter to them is given up, as to any address that is wrong."""
    op.drop_index("uq_stakeholder_name_without_address", "stakeholder")
    op.execute(
        sa.text("UPDATE stakeholder SET email = 'person-' || id || :none WHERE email IS NULL").bindparams(
            none=NONE
        )
    )
    _may_be_null(False, "lower case")


def _may_be_null(nullable: bool, comment: str) -> None:
    with op.batch_alter_table("stakeholder") as table:
        table.alter_column("email", existing_type=sa.String(), nullable=nullable, comment=comment)
