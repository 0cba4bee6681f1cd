"""Forms that know what they were opened with, so that a save never undoes what was saved meanwhile, in another tab or by a colleague.

The form carries the mark of what was read. One that was refused carries the newest: who saves again knows what they do.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from exchange.core.rendering import render_page
from profiles.models import ExpertProfile, Institution


def is_current(request: HttpRequest, row: ExpertProfile | Institution, newest: Callable[[], str]) -> bool:
    """Whether it still says what this form was opened with; holds the row, so that it goes on saying so until the save."""
    type(row).objects.select_for_update(of=("self",)).only("pk").get(pk=row.pk)
    read = request.POST.get("mark", "")
    return not read or read == newest()


def form_page(request: HttpRequest, template: str, context: dict[str, Any], newest: str) -> HttpResponse:
    """The page of a form; with errors, as typed (422); when somebody has saved it since, as typed, too (409)."""
    read = request.POST.get("mark", "")
    stale = bool(read) and read != newest
    status = {"POST": 409 if stale else 422}.get(request.method or "", 200)
    return render_page(request, template, context | {"mark": newest, "stale": stale}, status=status)
