"""The optimistic lock: a save is refused when somebody else, or another tab, has saved meanwhile.

A form contains the version of the data it shows, a short text. The save compares it under the row's lock and is refused when it differs.
A row with a counter of changes uses it as its version; otherwise the version is a digest of the data shown.
A refused form contains the newest version, so that saving again overwrites on purpose.
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
    """The hidden version of a form."""

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
    """Whether the form has the newest version, or none. Locks the row until the end of the transaction."""
    type(row).objects.select_for_update(of=("self",)).only("pk").get(pk=row.pk)
    try:
        check_version(_read(request), newest())
    except StaleError:
        return False
    return True


def form_page(request: HttpRequest, template: str, context: dict[str, Any], newest: str) -> HttpResponse:
    """The page of a form. After POST with the submitted data: status 409 when the version is outdated, otherwise 422."""
    stale = (_read(request) or newest) != newest
    status = {"POST": 409 if stale else 422}.get(request.method or "", 200)
    return render_page(request, template, context | {"version": newest, "stale": stale}, status=status)


def _read(request: HttpRequest) -> str | None:
    return request.POST.get("version") or None
