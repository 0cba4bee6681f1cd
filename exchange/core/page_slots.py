"""Page slots: places on a page of one app where apps above it add content.

An app registers `@page_slots.register("program.aside", order=20)` on a function of (request, subject) that returns safe HTML or an empty
string; the page says `{% page_slot "program.aside" program %}`.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from exchange.core.hooks import Hook

page_slots: Hook[Callable[[HttpRequest, Any], str]] = Hook("page slot")


def render_slot(slot: str, request: HttpRequest, subject: Any) -> SafeString:
    """The HTML of all functions registered for a slot, in order."""
    return mark_safe("".join(piece(request, subject) for piece in page_slots.all(slot)))  # noqa: S308 -- registered functions return rendered templates
