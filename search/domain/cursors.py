"""Cursors of search pages: the stage and the place of the last row, and the search they belong to."""

import base64
import binascii
import datetime
import hashlib
import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from exchange.core.errors import DomainError
from search.domain.query import SearchRequest

Position = tuple[str, tuple[Any, ...]] | None


def write_cursor(request: SearchRequest, stage: str, key: tuple[Any, ...]) -> str:
    text = json.dumps([_fingerprint(request), stage, *key], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(request: SearchRequest) -> Position:
    if not request.cursor:
        return None
    try:
        fingerprint, stage, *key = json.loads(base64.urlsafe_b64decode(request.cursor + "=" * (-len(request.cursor) % 4)))
    except (ValueError, TypeError, binascii.Error, UnicodeDecodeError):
        raise bad_cursor() from None
    if fingerprint != _fingerprint(request) or not isinstance(stage, str) or not _sound(stage, key, request):
        raise bad_cursor()
    return stage, tuple(key)


def _sound(stage: str, key: list[Any], request: SearchRequest) -> bool:
    """Whether the key has the shape that this stage writes."""
    number = (int, float)
    shapes: dict[str, tuple[Any, ...]] = {
        "names": (number, int, int),
        "similar": (number, int, int),
        "scored": (int, int),
        "subjects": (int, int, int, int),
        "further": (int, int, int),
        "listed": ((int if request.sort not in {"name", "new", "fresh"} else str), int),
    }
    shape = shapes.get(stage, ())
    return len(key) == len(shape) > 0 and all(
        isinstance(value, kind) and not isinstance(value, bool) and (not isinstance(value, int) or abs(value) < 2**31)
        for value, kind in zip(key, shape, strict=True)
    )


def _fingerprint(request: SearchRequest) -> str:
    """A hash of the search: a cursor is valid only for the search it came from."""
    filters = sorted((name, sorted(map(str, values))) for name, values in request.filters.items())
    asked = [request.kind, request.words, filters, request.open_now, request.available, request.sort, sorted(request.as_words)]
    return hashlib.blake2b(json.dumps(asked).encode("utf-8", "replace"), digest_size=6).hexdigest()


def plain_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def read_value(order: str, value: Any) -> Any:
    try:
        if order == "created":
            return datetime.datetime.fromisoformat(value)
        if order == "confirmed":
            return datetime.date.fromisoformat(value)
    except (ValueError, TypeError):
        raise bad_cursor() from None
    return value


def bad_cursor() -> DomainError:
    return DomainError(_("This page address is no longer valid. Start again from the first page."), code="bad-cursor", status=400)
