"""Keyset pagination: every page costs the same, and new rows do not shift the following pages."""

import base64
import binascii
import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from exchange.core.errors import DomainError

ModelT = TypeVar("ModelT", bound=Model)
COUNT_CAP = 1000


@dataclass(frozen=True)
class Page(Generic[ModelT]):
    """One page of rows. `next` is the cursor of the following page, or None; `first` is True for the first page."""

    items: list[ModelT]
    next: str | None
    first: bool


def keyset_page(rows: "QuerySet[ModelT]", order: Sequence[str], *, cursor: str | None = None, size: int = 20) -> Page[ModelT]:
    """The page after `cursor` in `order` (field names, "-" for descending; the last must be unique; none may be NULL).

    Raises DomainError when the cursor was not made for this order.
    """
    if cursor:
        try:
            rows = rows.filter(_after(order, _decode(cursor, len(order))))
        except (ValueError, TypeError, ValidationError):
            raise _bad_cursor() from None
    found = list(rows.order_by(*order)[: size + 1])
    more = len(found) > size
    found = found[:size]
    return Page(found, _encode(found[-1], order) if more else None, first=not cursor)


def capped_count(rows: "QuerySet[Any]", cap: int = COUNT_CAP) -> int:
    """The number of rows, counted up to `cap` + 1 (shown as "more than cap")."""
    return rows.order_by()[: cap + 1].count()


def _encode(row: Model, order: Sequence[str]) -> str:
    values = [_plain(_value(row, name.lstrip("-"))) for name in order]
    return base64.urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode().rstrip("=")


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for part in path.split("__"):
        value = getattr(value, part)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _decode(cursor: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, UnicodeDecodeError):
        values = None
    if not isinstance(values, list) or len(values) != length or any(not _is_comparable(value) for value in values):
        raise _bad_cursor()
    return values


def _is_comparable(value: Any) -> bool:
    """Whether PostgreSQL can compare with the value: no list or object, no NUL character."""
    if isinstance(value, str):
        return "\x00" not in value and value == value.encode("utf-8", "ignore").decode()
    return not isinstance(value, dict | list)


def _bad_cursor() -> DomainError:
    return DomainError(_("This page address is no longer valid. Start again from the first page."), code="bad-cursor", status=400)


def _after(order: Sequence[str], values: list[Any]) -> Q:
    condition = Q()
    for position, name in enumerate(order):
        same = Q(**{earlier.lstrip("-"): values[i] for i, earlier in enumerate(order[:position])})
        operator = "lt" if name.startswith("-") else "gt"
        condition |= same & Q(**{f"{name.lstrip('-')}__{operator}": values[position]})
    return condition
