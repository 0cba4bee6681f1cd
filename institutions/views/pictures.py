"""The picture of an institution: its files for every reader of the institution, its form for those who edit it."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import AuthedRequest
from exchange.core.access import require
from exchange.core.picture_pages import picture_page, send_size
from institutions.domain import pictures
from institutions.domain.institutions import can_edit_institution
from institutions.views.institutions import visible_institution


@require_http_methods(["GET", "HEAD", "POST"])
def institution_picture(request: AuthedRequest, slug: str) -> HttpResponse:
    institution = visible_institution(request, slug)
    require(can_edit_institution(request.user, institution))
    return picture_page(
        request,
        "institutions/picture.html",
        {"institution": institution},
        read=partial(pictures.picture_of, institution),
        save=partial(pictures.save_picture, institution, by=request.user),
    )


@require_POST
def institution_picture_remove(request: AuthedRequest, slug: str) -> HttpResponse:
    institution = visible_institution(request, slug)
    pictures.remove_picture(institution, by=request.user)
    messages.success(request, _("Removed."))
    return redirect("institution_picture", institution.slug)


@require_safe
@login_not_required
def institution_picture_file(request: HttpRequest, slug: str, size: str) -> HttpResponseBase:
    return send_size(pictures.picture_of(visible_institution(request, slug)), size)
