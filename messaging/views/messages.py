"""One message: its page with what can be done with it, its changes, and what changed in a thread."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import AuthedRequest
from exchange.core.errors import DomainError
from exchange.core.rendering import render_page
from messaging.domain.changes import edit_message, react, remove_message
from messaging.domain.queries import VisibleMessage, changed_messages_after, one_message
from messaging.forms import EditForm
from messaging.models import Thread
from messaging.rules import CHANGE_MINUTES, SIGNS, may_change
from messaging.views.threads import load_thread


@never_cache
@require_GET
def changed(request: AuthedRequest, pk: int, revision: int) -> HttpResponse:
    """The messages that changed after a revision, or a reset, upon which the page reloads itself."""
    found = load_thread(request, pk)
    gap = changed_messages_after(found, request.user, revision)
    return render(request, "messaging/_missed_messages.html", {"gap": gap, "thread": found})


@never_cache
@require_GET
def message(request: AuthedRequest, pk: int, number: int) -> HttpResponse:
    """A message, its earlier texts, and what the reader may do with it."""
    found = load_thread(request, pk)
    return _page(request, found, _message(request, found, number))


def _message(request: AuthedRequest, found: Thread, number: int) -> VisibleMessage:
    row = one_message(found, request.user, number)
    if row is None:
        raise Http404
    return row


def _page(request: AuthedRequest, found: Thread, row: VisibleMessage, form: EditForm | None = None) -> HttpResponse:
    own = may_change(row.message, request.user.pk, timezone.now())
    mine = {each.sign for each in row.reactions if each.mine}
    context = {
        "thread": found,
        "row": row,
        "versions": list(row.message.versions.all()) if row.message.data.get("versions") else [],
        "form": form or (EditForm(initial={"body": row.message.body}) if own else None),
        "signs": [(sign, sign in mine) for sign in SIGNS],
        "minutes": CHANGE_MINUTES,
    }
    return render_page(request, "messaging/message.html", context, status=422 if form else 200)


@require_POST
def message_edit(request: AuthedRequest, pk: int, number: int) -> HttpResponse:
    """A refused text is shown again as it was typed."""
    found = load_thread(request, pk)
    form = EditForm(request.POST)
    form.is_valid()
    try:
        edit_message(found, number, by=request.user, body=form.cleaned_data.get("body", ""))
    except DomainError as error:
        form.add_error("body", str(error))
        return _page(request, found, _message(request, found, number), form)
    return _back(found, number)


@require_POST
def message_remove(request: AuthedRequest, pk: int, number: int) -> HttpResponse:
    return _change(request, pk, number, remove_message)


@require_POST
def message_react(request: AuthedRequest, pk: int, number: int) -> HttpResponse:
    sign, on = request.POST.get("sign", ""), request.POST.get("on") != "0"
    return _change(request, pk, number, react, sign=sign, on=on)


def _change(request: AuthedRequest, pk: int, number: int, action: Callable[..., Any], **values: Any) -> HttpResponse:
    """Carry out the action, say why it was refused, and return to the message in its conversation."""
    found = load_thread(request, pk)
    try:
        action(found, number, by=request.user, **values)
    except DomainError as error:
        messages.error(request, str(error))
    return _back(found, number)


def _back(found: Thread, number: int) -> HttpResponse:
    return redirect(f"{found.get_absolute_url()}#n{number}")
