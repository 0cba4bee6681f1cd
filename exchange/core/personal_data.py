"""Helpers to export, erase and delete personal data: rows as plain values, stored files, related rows.

Each app has a `personal_data.py` with functions that the `privacy` app calls: which data it exports, how it erases a person, how it
deletes rows after their retention period.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.deletion import CASCADE, SET_NULL, Collector
from django.utils.functional import Promise

from exchange.core.files import delete_files, stored_names


def options(model: Any) -> Any:
    """The `_meta` of a model or of one of its rows."""
    return model._meta  # noqa: SLF001 -- Django documents it


def relations_of(row: models.Model) -> list[Any]:
    """Every relation that points to this row's table, with or without a related name."""
    fields = options(row).get_fields(include_hidden=True)
    return [field for field in fields if field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one)]


# ---- export ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """Rows under one key of an app's JSON file; iterated, never loaded all at once."""

    name: str
    rows: Iterable[dict[str, Any]]


@dataclass(frozen=True)
class StoredFile:
    """A file the user uploaded: its storage path, and its name in the export."""

    path: str
    name: str


Piece = Table | StoredFile


def plain(value: Any) -> Any:
    """A value as readable JSON."""
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str | Promise | Decimal | UUID):
        return str(value)
    return str(value)


def row_of(subject: models.Model, *names: str, **more: Any) -> dict[str, Any]:
    """A row as a plain dict: choices as their labels, related objects as their names. `more` are further values.

    Without names all of its fields, except keys, files, technical fields and other accounts.
    """
    fields = {field.name: field for field in options(subject).concrete_fields}
    wanted = names or [name for name, field in fields.items() if _is_readable(subject, field)]
    found: dict[str, Any] = {}
    for name in wanted:
        field = fields.get(name)
        value = getattr(subject, f"get_{name}_display")() if field is not None and field.choices else getattr(subject, name)
        found[name] = plain(value)
    return found | {key: plain(value) for key, value in more.items()}


def _is_readable(subject: models.Model, field: Any) -> bool:
    if field.primary_key or isinstance(field, models.FileField | models.BinaryField):
        return False
    if field.name in {"digest", "token", "secret"}:
        return False
    model = field.related_model
    return model is None or (isinstance(model, type) and options(model).label not in {"accounts.User", "profiles.ExpertProfile"})


# ---- erasure ---------------------------------------------------------------------------------------------------------


class _LoadingCollector(Collector):
    """Loads every row to be deleted, because its files must be deleted too."""

    def can_fast_delete(self, objs: Any, from_field: Any = None) -> bool:
        return False


def delete_with_files(rows: Iterable[Any]) -> int:
    """Delete rows and everything that cascades from them, and their stored files after commit. Returns how many rows were deleted."""
    found = list(rows)
    if not found:
        return 0
    collector = _LoadingCollector(using="default")
    collector.collect(found)
    names = [name for instances in collector.data.values() for row in instances for name in stored_names(row)]
    collector.delete()
    delete_files(names)
    return len(found)


def delete_related(row: models.Model, kept: frozenset[str]) -> None:
    """Delete the rows that would be deleted with `row`, with their files, and set other links to it to NULL, as each foreign key says.

    Tables whose label is in `kept` are not changed.
    """
    for relation in relations_of(row):
        model: Any = relation.related_model
        label = options(model).label
        if label in kept or options(model).auto_created:
            continue
        name = relation.field.name
        rows = model._base_manager.filter(**{name: row})  # noqa: SLF001 -- Django documents it for this use
        if relation.on_delete is CASCADE:
            delete_with_files(rows)
        elif relation.on_delete is SET_NULL:
            rows.update(**{name: None})


def delete_batch(rows: "models.QuerySet[Any]", most: int) -> int:
    """Delete at most `most` of these rows, with their files. Returns how many rows were deleted."""
    return delete_with_files(rows.order_by("pk")[:most])
