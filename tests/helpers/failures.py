"""Failures of the database in the middle of an action."""

from contextlib import contextmanager

from django.db import OperationalError, connection


@contextmanager
def failing_insert(model):
    """Within this block no row of the model can be inserted, as if the disk were full; everything else works."""
    statement = f'INSERT INTO "{model._meta.db_table}"'

    def execute(run, sql, params, many, context):
        if sql.startswith(statement):
            raise OperationalError("could not extend file: No space left on device")
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield
