"""What a database of SQLite wants now and then; PostgreSQL looks after itself."""

from django.db import connection

LOOKED_AT = 400  # rows of each index: the planner needs to know which of two is the shorter way, no more


def look_at_tables() -> None:
    """The worker's job: have SQLite note how many rows an index finds for one value.

    Without it SQLite guesses: of a reader's comments that wait under one story, it would read all that the
    reader ever wrote. One statement, and one short lock, for each table.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={LOOKED_AT}")
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
