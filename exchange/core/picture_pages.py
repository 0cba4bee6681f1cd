"""The page on which the one picture of a subject is added, changed and removed, shared by the apps that have one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from exchange.core.errors import DomainError, StaleError
from exchange.core.files import send_file
from exchange.core.picture_forms import OnePictureForm
from exchange.core.pictures import WIDTHS, NewPicture, OnePicture, version_of_picture, visible_picture
from exchange.core.rendering import render_page

CACHED = "private, max-age=86400"
"""For a day: each address changes with its file."""


def picture_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    read: Callable[[], OnePicture | None],
    save: Callable[[NewPicture], Any],
) -> HttpResponse:
    """The form with the picture there is. A POST saves and returns to the page; errors keep what was typed (422, or 409 when it is outdated).

    `read` gives the stored picture; `save` may raise DomainError.
    """
    picture, stale = read(), False
    form = OnePictureForm(picture=picture)
    if request.method == "POST":
        form = OnePictureForm(request.POST, request.FILES, picture=picture)
        if form.is_valid():
            try:
                save(form.new_picture)
            except StaleError:
                stale = True
                data = request.POST.copy()
                data["version"] = version_of_picture(read())
                form = OnePictureForm(data, picture=picture)
            except DomainError as refused:
                form.add_error(None, str(refused))
            else:
                sent = form.cleaned_data["picture"]
                messages.success(request, _("Picture saved. Smaller versions are being made.") if sent else _("Saved."))
                return redirect(request.path)
    shown = visible_picture(picture, lambda size: f"{request.path}{size}/") if picture else None
    context |= {"form": form, "picture": shown, "stale": stale, "replacing": bool(picture and picture.ready and picture.upload)}
    return render_page(request, template, context, status=409 if stale else 422 if form.is_bound else 200)


def send_size(picture: OnePicture | None, size: str) -> HttpResponseBase:
    """A picture at one of its sizes. Raises Http404 while there is none. The caller has checked permission."""
    stored = getattr(picture, size) if picture and size in WIDTHS else None
    if not stored:
        raise Http404
    response = send_file(stored, inline=True)
    response.headers["Cache-Control"] = CACHED
    return response
