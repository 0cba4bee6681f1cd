"""Queries whose SQL is built once a process, for the few reads that every page or every message needs.

Building the SQL of a query set, for every request anew, takes several times the processor time of running it.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, QuerySet
from django.db.models.query import get_related_populators


class Parameter(Expression):
    """A place in a compiled query for a value that each call gives by this name. Stands on the right of a lookup."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


class CompiledQuery:
    """A query set that is compiled at the first call: `CompiledQuery(build)(name=value, ...)` returns its rows as a list.

    `build` is called once, so it must not depend on the time, the language or the reader: what changes is a `Parameter`. The rows are
    model instances with what `select_related` names, or tuples for `values_list`; without annotations and prefetches. Values are passed
    to the database as they are: numbers, strings, dates, moments. Raises KeyError for a missing value.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build

    def __call__(self, **values: Any) -> list[Any]:
        sql, parameters, read_row = self._compiled
        given = [values[each.name] if isinstance(each, Parameter) else each for each in parameters]
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            return [read_row(row) for row in cursor.fetchall()]

    @cached_property
    def _compiled(self) -> tuple[str, tuple[Any, ...], Callable[[Any], Any]]:
        compiler = self._build().query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        return sql, tuple(parameters), _reader(compiler)


def _reader(compiler: Any) -> Callable[[Any], Any]:
    """A function that makes the value of one row, as `ModelIterable` of Django does."""
    converters = compiler.get_converters([column[0] for column in compiler.select])

    def converted(row: Any) -> Any:
        return next(iter(compiler.apply_converters([row], converters))) if converters else row

    info = compiler.klass_info
    if not compiler.query.default_cols:
        return lambda row: tuple(converted(row))
    model, columns = info["model"], slice(info["select_fields"][0], info["select_fields"][-1] + 1)
    names = [column[0].target.attname for column in compiler.select[columns]]
    related: list[Any] = cast("Any", get_related_populators)(info, compiler.select, DEFAULT_DB_ALIAS)  # typed for a later Django

    def instance(row: Any) -> Any:
        row = converted(row)
        found = model.from_db(DEFAULT_DB_ALIAS, names, row[columns])
        for populator in related:
            populator.populate(row, found)
        return found

    return instance
