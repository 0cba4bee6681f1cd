"""Threads: the list, one thread, missed messages, files."""

import uuid

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import AuthedRequest
from exchange.core.errors import DomainError
from exchange.core.files import send_file
from exchange.core.rendering import render_page
from messaging.domain.queries import (
    missed_messages_after,
    one_message,
    thread_page,
    thread_view,
    thread_with_read_status,
    visible_attachments,
)
from messaging.domain.threads import mark_read, post_message
from messaging.forms import MAX_NUMBER, MessageForm, ReadForm
from messaging.models import Thread


@require_GET
def threads(request: AuthedRequest) -> HttpResponse:
    page = thread_page(request.user, cursor=request.GET.get("cursor"))
    return render_page(request, "messaging/threads.html", {"page": page}, fragment="rows")


@never_cache
@require_http_methods(["GET", "POST"])
def thread(request: AuthedRequest, pk: int) -> HttpResponse:
    """A page of the thread with the message form. Showing the newest page marks the thread as read."""
    found = load_thread(request, pk)
    if request.method == "POST":
        return _post(request, found)
    reply = request.GET.get("reply", "")
    return _show(request, found, MessageForm(initial={"reply": _number(reply) or None, "client_id": uuid.uuid4()}))


def load_thread(request: AuthedRequest, pk: int) -> Thread:
    found = thread_with_read_status(request.user, pk)
    if found is None:
        raise Http404
    return found


def _post(request: AuthedRequest, found: Thread) -> HttpResponse:
    """Post a message: a plain form redirects to the page, a script gets the messages after `after`."""
    form = MessageForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            message = post_message(
                found,
                by=request.user,
                body=form.cleaned_data["body"],
                client_id=form.cleaned_data["client_id"],
                files=form.cleaned_data["attachments"],
                reply_to=form.cleaned_data["reply"],
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            if request.htmx:
                found.head = max(found.head, message.number)
                return _missed_messages(request, found, _number(request.POST.get("after")))
            return redirect(f"{found.get_absolute_url()}#n{message.number}")
    if request.htmx:
        words = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return render(request, "components/refusal.html", {"message": words}, status=422)
    return _show(request, found, form, status=422)


def _show(request: AuthedRequest, found: Thread, form: MessageForm, *, status: int = 200) -> HttpResponse:
    before = _number(request.GET.get("before")) if "before" in request.GET else None
    view = thread_view(found, request.user, before=before)
    context = {"view": view, "thread": found, "form": form}
    if request.htmx and before is not None:
        return render(request, "messaging/thread.html#page", context)
    first_unread = view.readers.my_number
    if view.newest and not _only_prefetching(request):
        mark_read(found, by=request.user, number=found.head)
    if reply := _number(str(form["reply"].value() or "")):
        context["answered"] = one_message(found, request.user, reply)
    context |= {"first_unread": first_unread, "page": thread_page(request.user), "new_id": uuid.uuid4()}
    return render_page(request, "messaging/thread.html", context, status=status)


def _only_prefetching(request: AuthedRequest) -> bool:
    return "prefetch" in request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")


@never_cache
@require_GET
def thread_after(request: AuthedRequest, pk: int, number: int) -> HttpResponse:
    return _missed_messages(request, load_thread(request, pk), number)


def _missed_messages(request: AuthedRequest, found: Thread, number: int) -> HttpResponse:
    """All messages after a number, or a reset, upon which the page reloads itself."""
    return render(
        request, "messaging/_missed_messages.html", {"gap": missed_messages_after(found, request.user, number), "thread": found}
    )


@require_POST
def thread_read(request: AuthedRequest, pk: int) -> HttpResponse:
    found = load_thread(request, pk)
    form = ReadForm(request.POST)
    if form.is_valid():
        mark_read(found, by=request.user, number=form.cleaned_data["number"])
    return HttpResponse(status=204 if form.is_valid() else 422)


@require_GET
def thread_file(request: AuthedRequest, pk: int, attachment: int) -> FileResponse:
    found = get_object_or_404(visible_attachments(request.user), pk=attachment, message__thread=pk)
    return send_file(found.file, name=found.name)


def _number(text: str | None) -> int:
    """A message number from a URL; 0 for anything else."""
    return min(int(text), MAX_NUMBER) if text and text.isascii() and text.isdigit() else 0
