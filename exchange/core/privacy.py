"""What becomes of a person's data: handed out on their wish, erased on their wish, kept no longer than needed.

Nobody here knows an app. Each registers, where it hears of others, what it holds of a person (`@gdpr_export`), how it lets go of it
(`@gdpr_erase`), what must be settled first (`@erasure_blocker`), and how it ends what has been kept long enough (`@retention_rule`).
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchVectorField
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.deletion import CASCADE, SET_NULL, Collector
from django.utils.functional import Promise

from exchange.core.errors import Text


def options(model: Any) -> Any:
    """What Django knows of a model or of one of its rows."""
    return model._meta  # noqa: SLF001 -- Django documents it


def relations_of(row: models.Model) -> list[Any]:
    """Every table that points to this row's, whether or not it gave that a name."""
    fields = options(row).get_fields(include_hidden=True)
    return [field for field in fields if field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one)]


# ---- handing out -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """Rows under one heading of an app's JSON file; read one by one, never all at once."""

    name: str
    rows: Iterable[dict[str, Any]]


@dataclass(frozen=True)
class StoredFile:
    """A file the person uploaded: where it is kept, and under which name it is handed out."""

    path: str
    name: str


Piece = Table | StoredFile


@dataclass(frozen=True)
class Exporter:
    """What one app holds of a person."""

    name: str
    order: int
    pieces: Callable[[Any], Iterator[Piece]]


_exporters: dict[str, Exporter] = {}


def gdpr_export(name: str, *, order: int = 50) -> Callable[[Callable[[Any], Iterator[Piece]]], Callable[[Any], Iterator[Piece]]]:
    """Register a function of the person that yields the tables and files of an app; `name` becomes the name of its JSON file.

    It hands out what the person may see anyway, and nothing private of others.
    """

    def register(pieces: Callable[[Any], Iterator[Piece]]) -> Callable[[Any], Iterator[Piece]]:
        _exporters[name] = Exporter(name, order, pieces)
        return pieces

    return register


def exporters() -> list[Exporter]:
    return sorted(_exporters.values(), key=lambda exporter: (exporter.order, exporter.name))


def to_json(value: Any) -> Any:
    """A value as JSON can hold it and a person can read it."""
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): to_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_json(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str | Promise | Decimal | UUID):
        return str(value)
    return str(value)


def row_of(subject: models.Model, *names: str, **more: Any) -> dict[str, Any]:
    """A row as a plain dict: choices by their labels, things by what they are called. `more` are further values.

    Without names all of its fields, but for keys, files, what only machines read, and other accounts.
    """
    fields = {field.name: field for field in options(subject).concrete_fields}
    wanted = names or [name for name, field in fields.items() if _is_readable(subject, field)]
    found: dict[str, Any] = {}
    for name in wanted:
        field = fields.get(name)
        value = getattr(subject, f"get_{name}_display")() if field is not None and field.choices else getattr(subject, name)
        found[name] = to_json(value)
    return found | {key: to_json(value) for key, value in more.items()}


def _is_readable(subject: models.Model, field: Any) -> bool:
    if field.primary_key or isinstance(field, models.FileField | SearchVectorField | models.BinaryField):
        return False
    if field.name in {"digest", "token", "secret", "search"}:
        return False
    model = field.related_model
    return model is None or (isinstance(model, type) and options(model).label not in {"profiles.User", "profiles.ExpertProfile"})


# ---- erasing ---------------------------------------------------------------------------------------------------------

Eraser = Callable[[Any], None]
ErasureBlocker = Callable[[Any], Iterable[Text]]
_erasers: dict[str, tuple[int, Eraser]] = {}
_blockers: dict[str, ErasureBlocker] = {}
_kept: set[str] = set()


def gdpr_erase(name: str, *, order: int = 50, keeps: Iterable[str] = ()) -> Callable[[Eraser], Eraser]:
    """Register a function of the person that erases or anonymises what an app holds; all run in one transaction, by `order`.

    The account it is given counts as open, so that it may do in the person's name what the person could have done. Rows that no eraser
    keeps by label (`keeps`) go the way of their foreign key in the end: see `delete_related`.
    """

    def register(eraser: Eraser) -> Eraser:
        _erasers[name] = (order, eraser)
        _kept.update(keeps)
        return eraser

    return register


def erasers() -> list[Eraser]:
    return [eraser for _order, _name, eraser in sorted((order, name, eraser) for name, (order, eraser) in _erasers.items())]


def kept_tables() -> frozenset[str]:
    """Labels of the tables whose rows stay, anonymised, when their person goes."""
    return frozenset(_kept)


def erasure_blocker(blocker: ErasureBlocker) -> ErasureBlocker:
    """Register a function of the person that says what must be settled before they may go: reasons in the reader's language."""
    _blockers[f"{blocker.__module__}.{blocker.__qualname__}"] = blocker
    return blocker


def erasure_blockers(user: Any) -> list[str]:
    """Why this person cannot go yet; empty when nothing depends on them."""
    return [str(reason) for blocker in _blockers.values() for reason in blocker(user)]


class _Thorough(Collector):
    """Loads every row that goes, because its files go with it."""

    def can_fast_delete(self, objs: Any, from_field: Any = None) -> bool:
        return False


def delete_with_files(rows: Iterable[Any]) -> int:
    """Delete rows and what hangs on them, and their stored files after commit. Returns how many rows went."""
    found = list(rows)
    if not found:
        return 0
    collector = _Thorough(using="default")
    collector.collect(found)
    names = [name for instances in collector.data.values() for row in instances for name in stored_names(row)]
    collector.delete()
    forget_files(names)
    return len(found)


def stored_names(row: models.Model) -> list[str]:
    """Where the files of a row are kept."""
    files = [getattr(row, field.attname) for field in options(row).concrete_fields if isinstance(field, models.FileField)]
    return [str(file.name) for file in files if file]


def forget_files(names: Iterable[str]) -> None:
    """Delete stored files once the transaction that forgot them is committed."""
    for name in list(names):
        transaction.on_commit(partial(default_storage.delete, name), robust=True)


def delete_related(row: models.Model) -> None:
    """What nobody keeps goes the way its foreign key says: rows that would go with `row` go, with their files; others let go of it."""
    for relation in relations_of(row):
        model: Any = relation.related_model
        label = options(model).label
        if label in _kept or options(model).auto_created:
            continue
        name = relation.field.name
        rows = model._base_manager.filter(**{name: row})  # noqa: SLF001 -- Django documents it for this use
        if relation.on_delete is CASCADE:
            delete_with_files(rows)
        elif relation.on_delete is SET_NULL:
            rows.update(**{name: None})


# ---- keeping no longer than needed -----------------------------------------------------------------------------------

RetentionFunction = Callable[[datetime.datetime, int], int]
_retention_functions: dict[str, RetentionFunction] = {}


def retention_rule(code: str) -> Callable[[RetentionFunction], RetentionFunction]:
    """Register what ends one kind of data: a function of (older than, at most so many) that returns how many rows it ended.

    It is called again, each time in a transaction of its own, until it ends fewer than it was allowed.
    """

    def register(function: RetentionFunction) -> RetentionFunction:
        _retention_functions[code] = function
        return function

    return register


def retention_function(code: str) -> RetentionFunction | None:
    return _retention_functions.get(code)


def retention_codes() -> frozenset[str]:
    return frozenset(_retention_functions)


def delete_batch(rows: "models.QuerySet[Any]", most: int) -> int:
    """Delete at most so many of these rows, with their files."""
    return delete_with_files(rows.order_by("pk")[:most])
