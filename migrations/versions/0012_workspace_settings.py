"""workspace settings: sender, reply-to, languages, reminders and how long engagements are kept"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SENDER = "name that letters to stakeholders come from; else the workspace's"
REPLY_TO = "where answers to invitations go; else to the first owner"
LANGUAGES = "codes offered for rosters and engagements; none: all that are shipped"
REMINDERS = "the schedule a wave begins with (workspaces/schedule.py)"
ARCHIVES = "months from the last close until an engagement is archived"
ERASES = "months from the last close until an engagement is erased, report and all"


def upgrade() -> None:
    with op.batch_alter_table("workspace") as table:
        table.add_column(sa.Column("sender", sa.String(), nullable=True, comment=SENDER))
        table.add_column(sa.Column("reply_to", sa.String(), nullable=True, comment=REPLY_TO))
        table.add_column(sa.Column("languages", sa.JSON(), nullable=True, comment=LANGUAGES))
        table.add_column(
            sa.Column("reminders", sa.String(), nullable=False, server_default="2 5 last", comment=REMINDERS)
        )
        for name, months, comment in (("archives_after", "12", ARCHIVES), ("erases_after", "36", ERASES)):
            table.add_column(
                sa.Column(name, sa.Integer(), nullable=False, server_default=months, comment=comment)
            )
        table.create_check_constraint("archived_first", "archives_after < erases_after")


def downgrade() -> None:
    with op.batch_alter_table("workspace") as table:
        table.drop_constraint(op.f("ck_workspace_archived_first"), type_="check")
        for name in ("erases_after", "archives_after", "reminders", "languages", "reply_to", "sender"):
            table.drop_column(name)
