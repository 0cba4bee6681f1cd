"""Rendering a whole page, or the fragment of it that htmx requested."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, fragment: str | None = None, status: int = 200
) -> HttpResponse:
    """Render `template`, or its partial `fragment` for an htmx request (but not a boosted or history request)."""
    htmx = getattr(request, "htmx", None)
    partial = fragment and htmx and not htmx.boosted and not htmx.history_restore_request
    response = render(request, f"{template}#{fragment}" if partial else template, context, status=status)
    response.headers["Vary"] = ", ".join(filter(None, [response.headers.get("Vary"), "HX-Request"]))
    return response
