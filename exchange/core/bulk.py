"""Updating many rows with different values in one statement."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection


def reserve_keys(model: Any, count: int) -> list[int]:
    """Reserve `count` primary keys of the model from its sequence."""
    with connection.cursor() as cursor:
        table = model._meta.db_table  # noqa: SLF001 -- Django documents it for this use
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [row[0] for row in cursor.fetchall()]


def update_rows(model: Any, columns: dict[str, str], rows: list[dict[str, Any]]) -> None:
    """Set these columns (name to PostgreSQL type) of rows known by their `id`, in one statement with one parameter. Column names must come from code, never from a request."""
    changes = [f"{column} = new.{column}" for column in columns]
    types = ", ".join(f"{column} {kind}" for column, kind in ({"id": "bigint"} | columns).items())
    table = model._meta.db_table  # noqa: SLF001 -- Django documents it for this use
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS old SET {', '.join(changes)} FROM jsonb_to_recordset(%s::jsonb) AS new({types}) WHERE old.id = new.id",  # noqa: S608 -- see above
            [json.dumps(rows, cls=DjangoJSONEncoder)],
        )
