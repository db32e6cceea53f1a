"""Many rows at once."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, Connection, TableClause, column, func, insert, literal, select, table

from survey_service.foundation.db import Base, db


def insert_all(record: type[Base], columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    """Insert rows, each the values of ``columns`` in their order; only columns of numbers and words.

    What else waits in the session is written before.
    """
    if not rows:
        return
    db.session.flush()
    types = record.metadata.tables[record.__tablename__].c
    target = table(record.__tablename__, *(column(name, types[name].type) for name in columns))
    connection = db.session.connection()
    store = _row_by_row if connection.dialect.name == "sqlite" else _as_columns
    store(connection, target, rows)


def _row_by_row(connection: Connection, target: TableClause, rows: Sequence[tuple[object, ...]]) -> None:
    """The driver has them as they are: SQLAlchemy would make the parameters of each row anew, for over half
    of the time that storing it takes."""
    connection.exec_driver_sql(str(insert(target).compile(dialect=connection.dialect)), list(rows))


def _as_columns(connection: Connection, target: TableClause, rows: Sequence[tuple[object, ...]]) -> None:
    """One statement, a list of values for each column: a server would be asked for each row by itself."""
    columns = zip(target.c, zip(*rows, strict=True), strict=True)
    given = func.unnest(*(literal(list(values), ARRAY(one.type)) for one, values in columns))
    table_of = given.table_valued(*target.c.keys()).render_derived()
    connection.execute(insert(target).from_select(target.c.keys(), select(*table_of.c)))
