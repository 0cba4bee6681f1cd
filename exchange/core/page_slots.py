"""Slots in the pages of a lower app that apps above it fill, without the lower app importing them.

An app registers `@page_slot("program.aside", order=20)` on a function of (request, subject) that returns safe HTML or an empty string;
the page says `{% page_slot "program.aside" program %}`.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from exchange.core.stamps import Stamp

SlotFunction = Callable[[HttpRequest, Any], str]
_slots: dict[str, dict[str, tuple[int, SlotFunction]]] = {}
_stamps: dict[str, dict[str, Stamp | None]] = {}


def page_slot(place: str, *, order: int = 50, stamp: Stamp | None = None) -> Callable[[SlotFunction], SlotFunction]:
    """Register a piece for a place; pieces stand by `order`, then by name.

    `stamp` changes whenever the piece would look different; pages that are asked for most are remembered by it (`core.remembered`).
    """

    def register(function: SlotFunction) -> SlotFunction:
        name = f"{function.__module__}.{function.__qualname__}"
        _slots.setdefault(place, {})[name] = (order, function)
        _stamps.setdefault(place, {})[name] = stamp
        return function

    return register


def slot_stamps(place: str) -> list[Stamp | None]:
    """The stamps of a place's pieces; None for each that gave none."""
    return list(_stamps.get(place, {}).values())


def render_page_slot(place: str, request: HttpRequest, subject: Any) -> SafeString:
    """All pieces of a place, in order."""
    pieces = sorted((order, name, function) for name, (order, function) in _slots.get(place, {}).items())
    return mark_safe("".join(function(request, subject) for _, _, function in pieces))  # noqa: S308 -- page slots return rendered templates
