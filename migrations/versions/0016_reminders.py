"""reminders: the schedule is chosen for each wave before launch"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

COMMENTS = {
    "engagement": "the schedule of the wave to come (workspaces/schedule.py)",
    "wave": "the schedule, as at launch (workspaces/schedule.py)",
}


def upgrade() -> None:
    for table, comment in COMMENTS.items():
        op.add_column(
            table,
            sa.Column("reminders", sa.String(), nullable=False, server_default="2 5 last", comment=comment),
        )


def downgrade() -> None:
    for table in COMMENTS:
        op.drop_column(table, "reminders")
