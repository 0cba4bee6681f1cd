"""The picture of a programme: its files for every reader of the programme, its form for those who edit it."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import AuthedRequest
from exchange.core.picture_pages import picture_page, send_size
from programs.domain import pictures
from programs.models import Program
from programs.views.posting import load_editable


@require_http_methods(["GET", "HEAD", "POST"])
def program_picture(request: AuthedRequest, slug: str) -> HttpResponse:
    program = load_editable(request, slug)
    return picture_page(
        request,
        "programs/picture.html",
        {"program": program},
        read=partial(pictures.picture_of, program),
        save=partial(pictures.save_picture, program, by=request.user),
    )


@require_POST
def program_picture_remove(request: AuthedRequest, slug: str) -> HttpResponse:
    program = load_editable(request, slug)
    pictures.remove_picture(program, by=request.user)
    messages.success(request, _("Removed."))
    return redirect("program_picture", program.slug)


@require_safe
@login_not_required
def program_picture_file(request: HttpRequest, slug: str, size: str) -> HttpResponseBase:
    program = get_object_or_404(Program.objects.visible_to(request.user).only("pk"), slug=slug)
    return send_size(pictures.picture_of(program), size)
