"""Migrations build the models, up and down, on both databases, and lose no row on the way."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from cast import stage
from conftest import _app, _closed
from flask import Flask
from flask_migrate import downgrade
from flask_migrate import upgrade as migrate
from rig import postgres
from sqlalchemy import Connection, inspect, text
from village import Village

from survey_service.engagements import roster
from survey_service.engagements.roster_csv import Person
from survey_service.foundation.db import Base, db, transaction
from survey_service.foundation.upgrade import MIGRATIONS, is_current, upgrade

Schema = dict[str, dict[str, object]]

#: Re-creates the table everything hangs on, as a later migration might.
TRAP = '''
"""re-create the parent of all"""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    with op.batch_alter_table("workspace", recreate=how()) as batch:
        batch.add_column(sa.Column("trap", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("workspace", recreate=how()) as batch:
        batch.drop_column("trap")


def how() -> str:
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"
'''


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An installation whose database has no tables yet, of each kind in turn."""
    if request.param == "sqlite":
        (tmp_path / "data").mkdir()
        made = _app(f"sqlite:///{tmp_path / 'data' / 'common-ground.sqlite'}", tmp_path / "data")
        yield made
        _closed(made)
        return
    with postgres.clone(request.getfixturevalue("postgresql"), "template0") as address:
        made = _app(address, tmp_path / "data")
        yield made
        _closed(made)


@pytest.fixture
def from_the_models(empty_app: Flask) -> Schema:
    """What the models themselves would make; the database is empty again afterwards."""
    with empty_app.app_context():
        Base.metadata.create_all(db.engine)
        made = schema()
        Base.metadata.drop_all(db.engine)
    return made


def schema() -> Schema:
    """Every table as the database tells it: columns, keys, constraints and indexes."""
    with db.engine.connect() as connection:
        look = inspect(connection)
        names = [name for name in look.get_table_names() if name != "alembic_version"]
        return {name: _table(connection, name) for name in names}


def _table(connection: Connection, name: str) -> dict[str, object]:
    look = inspect(connection)
    columns = {
        str(one["name"]): (str(one["type"]), one["nullable"], one["default"], one.get("comment"))
        for one in look.get_columns(name)
    }
    return {
        "columns": columns,
        "primary key": look.get_pk_constraint(name)["constrained_columns"],
        "foreign keys": sorted(map(repr, look.get_foreign_keys(name))),
        "unique": sorted(
            repr((one["name"], one["column_names"])) for one in look.get_unique_constraints(name)
        ),
        "checks": sorted(repr((one["name"], one["sqltext"])) for one in look.get_check_constraints(name)),
        "indexes": sorted(
            repr((one["name"], one["column_names"], one["unique"])) for one in look.get_indexes(name)
        ),
    }


def triggers() -> set[str]:
    """Names of the rules the tables keep by themselves."""
    ask = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with db.engine.connect() as connection:
        return set(connection.scalars(text(ask[connection.dialect.name])))


def rows() -> dict[str, int]:
    """How many rows each table has."""
    with db.engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        return {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}


def test_from_nothing_to_head_equals_the_models(empty_app: Flask, from_the_models: Schema) -> None:
    with empty_app.app_context():
        upgrade()
        assert is_current()
        with db.engine.connect() as connection:
            options = {"compare_type": True, "compare_server_default": True}
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, Base.metadata) == []
        made = schema()
        assert made.keys() == from_the_models.keys()
        for name, wanted in from_the_models.items():
            assert made[name] == wanted, name


def test_each_step_down_undoes_its_step_up(empty_app: Flask) -> None:
    """An upgrade that went wrong in production has a way back."""
    steps = _chain()
    with empty_app.app_context():
        seen = [(schema(), triggers())]
        for step in steps:
            migrate(directory=str(MIGRATIONS), revision=step)
            seen.append((schema(), triggers()))
        for before in reversed(seen[:-1]):
            downgrade(directory=str(MIGRATIONS), revision="-1")
            assert (schema(), triggers()) == before
        upgrade()
        assert (schema(), triggers()) == seen[-1]


def test_migrations_are_one_numbered_chain_and_each_has_a_way_back() -> None:
    steps = _chain()
    assert steps == [f"{number:04d}" for number in range(1, len(steps) + 1)]
    files = sorted(path.name for path in (MIGRATIONS / "versions").glob("*.py"))
    assert [name.partition("_")[0] for name in files] == steps
    for script in _scripts().walk_revisions():
        assert script.doc, f"{script.revision} does not say what it does"
        assert "pass" not in script.module.downgrade.__code__.co_names


def test_re_creating_a_parent_table_loses_no_child(app_on_each_database: Flask, tmp_path: Path) -> None:
    """SQLite deletes the children with the old table, silently, unless foreign keys are off meanwhile."""
    with app_on_each_database.app_context():
        stage(app_on_each_database).launch()
        db.session.remove()
        before = rows()
        assert before["stakeholder"] == before["invitation"] == 22
        place = _with_trap(tmp_path / "migrations")
        migrate(directory=str(place))
        assert rows() == before
        downgrade(directory=str(place), revision="-1")
        assert rows() == before
        assert _guards_children()


def test_without_the_guard_the_children_would_be_lost(app: Flask, tmp_path: Path) -> None:
    """The trap is real; so the test above can fail."""
    with app.app_context():
        stage(app)
        db.session.remove()
        place = _with_trap(tmp_path / "migrations")
        env = place / "env.py"
        guard = "keep_children(connection, on=False)"
        assert guard in env.read_text()
        env.write_text(env.read_text().replace(guard, "pass"))
        migrate(directory=str(place))
        assert rows()["stakeholder"] == 0


def test_a_migration_that_fails_leaves_everything_as_it_was(
    app_on_each_database: Flask, tmp_path: Path
) -> None:
    """Tables and rows, on SQLite too: its changes are rolled back like PostgreSQL's."""
    with app_on_each_database.app_context():
        stage(app_on_each_database)
        db.session.remove()
        before = (schema(), rows(), triggers())
        place = _with_trap(tmp_path / "migrations")
        file = place / "versions" / "9999_trap.py"
        file.write_text(
            file.read_text().replace("\n\n\ndef down", "\n    raise OSError('disk full')\n\n\ndef down")
        )
        with pytest.raises(OSError, match="disk full"):
            migrate(directory=str(place))
        assert (schema(), rows(), triggers()) == before
        assert is_current()
        assert _guards_children()


def test_a_migration_that_would_leave_a_row_pointing_nowhere_is_undone(app: Flask, tmp_path: Path) -> None:
    """With foreign keys off meanwhile, SQLite itself would not object."""
    with app.app_context():
        stage(app)
        db.session.remove()
        before = rows()
        place = _with_trap(tmp_path / "migrations")
        file = place / "versions" / "9999_trap.py"
        spoil = "\n    op.execute('DELETE FROM workspace')\n\n\ndef down"
        file.write_text(file.read_text().replace("\n\n\ndef down", spoil))
        with pytest.raises(SystemExit):  # flask-migrate says why and ends the command
            migrate(directory=str(place))
        assert rows() == before
        assert _guards_children()


def test_data_of_everybody_survives_the_way_down_and_up(village: Village) -> None:
    """Tables that a step back drops are gone; no row of the others is."""
    with village.app.app_context():
        before = rows()
        downgrade(directory=str(MIGRATIONS), revision="0001")
        kept = rows()
        assert {name: before[name] for name in kept} == kept
        upgrade()
        assert {name: rows()[name] for name in kept} == kept


def test_an_sqlite_file_with_data_is_copied_before_its_tables_change(village: Village) -> None:
    """Its tables cannot be rolled back, so a failed migration must leave something to return to."""
    with village.app.app_context():
        file = Path(str(db.engine.url.database))
        downgrade(directory=str(MIGRATIONS), revision="0001")
        before = rows()
        upgrade()
        (copy,) = file.parent.glob(f"{file.name}.before-*")
    with sqlite3.connect(copy) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        kept = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in before}
    assert kept == before


def test_a_first_start_leaves_no_copy_of_nothing(tmp_path: Path) -> None:
    made = _app(f"sqlite:///{tmp_path / 'fresh.sqlite'}", tmp_path)
    with made.app_context():
        upgrade()
    _closed(made)
    assert list(tmp_path.glob("*.before-*")) == []


def _guards_children() -> bool:
    """Whether connections still refuse rows that point nowhere."""
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        return not is_sqlite or connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def _chain() -> list[str]:
    return [script.revision for script in reversed(list(_scripts().walk_revisions()))]


def _with_trap(place: Path) -> Path:
    shutil.copytree(MIGRATIONS, place, ignore=shutil.ignore_patterns("__pycache__"))
    (place / "versions" / "9999_trap.py").write_text(TRAP.format(head=_chain()[-1]))
    return place


def test_somebody_without_address_keeps_their_place_on_the_way_down_and_up(
    app_on_each_database: Flask,
) -> None:
    with app_on_each_database.app_context():
        play = stage(app_on_each_database)
        with transaction():
            roster.add_all(play.engagement, [Person("Pia", "", "Sales", "en", None)], who="Ines", at=play.at)
        addresses = text("SELECT email FROM stakeholder WHERE name = 'Pia'")
        db.session.remove()
        downgrade(directory=str(MIGRATIONS), revision="0020")
        with db.engine.connect() as connection:
            assert str(connection.scalar(addresses)).endswith("@no-address.invalid")
        migrate(directory=str(MIGRATIONS))
        with db.engine.connect() as connection:
            assert connection.scalars(addresses).all() == [None]
