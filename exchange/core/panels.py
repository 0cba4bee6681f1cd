"""Pages of a lower room with pieces from rooms above it, which the lower one has never heard of.

A room registers `@panel("program.aside", order=20)` on a function of (request, subject) that returns safe HTML or an empty string;
the page says `{% panels "program.aside" program %}`.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

Panel = Callable[[HttpRequest, Any], str]
_panels: dict[str, dict[str, tuple[int, Panel]]] = {}


def panel(place: str, *, order: int = 50) -> Callable[[Panel], Panel]:
    """Register a piece for a place; pieces stand by `order`, then by name."""

    def register(function: Panel) -> Panel:
        name = f"{function.__module__}.{function.__qualname__}"
        _panels.setdefault(place, {})[name] = (order, function)
        return function

    return register


def render_panels(place: str, request: HttpRequest, subject: Any) -> SafeString:
    """All pieces of a place, in order."""
    pieces = sorted((order, name, function) for name, (order, function) in _panels.get(place, {}).items())
    return mark_safe("".join(function(request, subject) for _, _, function in pieces))  # noqa: S308 -- panels return rendered templates
