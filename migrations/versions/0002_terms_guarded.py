"""terms guarded: amendments and proposals; the database itself refuses to change what was frozen

On SQLite a later batch migration that re-creates `wave`, `amendment`, `invitation` or `release` drops the
triggers on it: make them again. tests/promises/test_terms_never_change.py notices.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Trigger -> table, event, when it refuses (NEW and OLD; `differs` is filled in), what it says.
TRIGGERS = {
    "wave_terms_frozen": (
        "wave",
        "UPDATE",
        "{differs:engagement_id number key terms terms_sha256 public_key launched_at}",
        "the terms of a wave are frozen at launch",
    ),
    "wave_closing_announced": (
        "wave",
        "UPDATE",
        "({differs:closes_at}) AND NOT EXISTS (SELECT 1 FROM amendment WHERE amendment.wave_id = NEW.id "
        "AND amendment.kind = 'closing moved' AND amendment.closes_at = NEW.closes_at)",
        "a closing time moves only by an announced amendment",
    ),
    "wave_ended_once": (
        "wave",
        "UPDATE",
        "OLD.state IN ('released', 'lost') AND NEW.state <> OLD.state",
        "a wave ends once",
    ),
    "amendment_while_open": (
        "amendment",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM wave WHERE wave.id = NEW.wave_id AND wave.state = 'open')",
        "terms are amended only while the wave is open",
    ),
    "amendment_frozen": ("amendment", "UPDATE", "1 = 1", "an amendment never changes"),
    "amendment_kept": (
        "amendment",
        "DELETE",
        "EXISTS (SELECT 1 FROM wave WHERE wave.id = OLD.wave_id)",
        "an amendment is kept as long as its wave",
    ),
    "invitation_group_frozen": (
        "invitation",
        "UPDATE",
        "{differs:wave_id group_name}",
        "a stakeholder's group is frozen in the terms",
    ),
    "release_once": (
        "release",
        "UPDATE",
        "{differs:wave_id document released_at}",
        "a report is computed once",
    ),
}


def upgrade() -> None:
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column(
            "document", sa.String(), nullable=False, comment="canonical JSON; names the hash before it"
        ),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column(
            "closes_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the closing time moved to, as in the document",
        ),
        sa.CheckConstraint(
            "kind IN ('closing moved', 'people added', 'sponsor replaced')",
            name=op.f("ck_amendment_kind_known"),
        ),
        sa.CheckConstraint(
            "(kind = 'closing moved') = (closes_at IS NOT NULL)",
            name=op.f("ck_amendment_closes_at_when_moved"),
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name=op.f("fk_amendment_wave_id_wave"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint("wave_id", "number", name=op.f("uq_amendment_wave_id_number")),
    )
    op.create_index(
        "uq_amendment_closing_moved_once",
        "amendment",
        ["wave_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'closing moved'"),
        postgresql_where=sa.text("kind = 'closing moved'"),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column(
            "people", sa.JSON(), nullable=False, comment="name, email, group, language, time_zone of each"
        ),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name=op.f("fk_proposal_wave_id_wave"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("wave_id", name=op.f("uq_proposal_wave_id")),
    )
    guard()


def downgrade() -> None:
    unguard()
    op.drop_table("proposal")
    op.drop_index("uq_amendment_closing_moved_once", table_name="amendment")
    op.drop_table("amendment")


def guard() -> None:
    """Make the triggers, in the dialect at hand."""
    make = _guard_sqlite if _is_sqlite() else _guard_postgresql
    for name, (table, event, when, says) in TRIGGERS.items():
        make(name, table, event, _filled(when), says)


def unguard() -> None:
    for name, (table, *_) in TRIGGERS.items():
        if _is_sqlite():
            op.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            op.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            op.execute(f"DROP FUNCTION IF EXISTS {name}()")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _filled(when: str) -> str:
    """`{differs:a b}` as a comparison that knows NULL."""
    before, mark, rest = when.partition("{differs:")
    if not mark:
        return when
    columns, _, after = rest.partition("}")
    word = "IS NOT" if _is_sqlite() else "IS DISTINCT FROM"
    return before + " OR ".join(f"NEW.{one} {word} OLD.{one}" for one in columns.split()) + after


def _guard_sqlite(name: str, table: str, event: str, when: str, says: str) -> None:
    refusal = says.replace("'", "''")
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
    )


def _guard_postgresql(name: str, table: str, event: str, when: str, says: str) -> None:
    refusal = says.replace("'", "''")
    result = "OLD" if event == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {when} THEN RAISE EXCEPTION '{refusal}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {result}; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
