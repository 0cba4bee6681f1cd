"""The optimistic lock: nobody undoes what was saved meanwhile, in another tab or by a colleague.

A form carries the version of what it showed, a short text. The save compares it under the row's lock and is refused when it is another
one. A row that counts its changes has its counter as version; what keeps no counter has a digest of what the form shows.
A form that was refused carries the newest version: who saves again knows what they do.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from exchange.core.errors import StaleError, Text
from exchange.core.rendering import render_page

Version = int | str


class VersionField(forms.CharField):
    """The version in a form, hidden. A form without one is never current."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)


def version_of_rows(rows: Iterable[Any]) -> str:
    """A digest of 16 characters that changes whenever one of the rows does."""
    text = json.dumps(list(rows), default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def check_version(read: Version | None, newest: Version, message: Text | None = None, *, code: str = "stale") -> None:
    """Raise StaleError unless the version that was read is the newest; None skips the check. The caller holds the row's lock."""
    if read is not None and str(read) != str(newest):
        raise StaleError(message, code=code)


def is_current(request: HttpRequest, row: Any, newest: Callable[[], str]) -> bool:
    """Whether the form was opened with the newest version, or names none. Locks the row, so that this stays so until the save."""
    type(row).objects.select_for_update(of=("self",)).only("pk").get(pk=row.pk)
    try:
        check_version(_read(request), newest())
    except StaleError:
        return False
    return True


def form_page(request: HttpRequest, template: str, context: dict[str, Any], newest: str) -> HttpResponse:
    """The page of a form; with errors, as typed (422); when somebody has saved it since, as typed, too (409)."""
    stale = (_read(request) or newest) != newest
    status = {"POST": 409 if stale else 422}.get(request.method or "", 200)
    return render_page(request, template, context | {"version": newest, "stale": stale}, status=status)


def _read(request: HttpRequest) -> str | None:
    return request.POST.get("version") or None
