"""Stamps: what changes whenever a piece of a page would look different. See `exchange.core.remembered`."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

Stamp = str | Callable[[HttpRequest], Any]
"""An SQL scalar expression, its placeholders named (`%(user)s` is always there), or a function of the request."""

NOTHING: Stamp = ""
"""The stamp of a piece that depends on nothing but the request's own address, language, clock, account and cookies."""


def rows_stamp(table: str, condition: str) -> str:
    """An SQL stamp that changes whenever one of these rows is written, added or deleted. Both arguments are our own words, never a visitor's.

    A written row carries the number of the transaction that wrote it, which no earlier one has: their count and sum tell any change.
    """
    return f"SELECT count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) FROM {table} WHERE {condition}"  # noqa: S608 -- see above
