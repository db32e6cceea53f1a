"""Many rows at once."""

from collections.abc import Sequence

from sqlalchemy import column, insert, table

from survey_service.foundation.db import Base, db


def insert_all(record: type[Base], columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    """Insert rows, each the values of ``columns`` in their order; only columns of numbers and words.

    The driver has them as they are: SQLAlchemy makes the parameters of each row anew, for over half of the
    time that storing it takes. What else waits in the session is written before.
    """
    db.session.flush()
    connection = db.session.connection()
    types = record.metadata.tables[record.__tablename__].c
    target = table(record.__tablename__, *(column(name, types[name].type) for name in columns))
    statement = str(insert(target).compile(dialect=connection.dialect))
    if connection.dialect.positional:
        connection.exec_driver_sql(statement, list(rows))
    else:
        connection.exec_driver_sql(statement, [dict(zip(columns, row, strict=True)) for row in rows])
