"""The page /institutions/."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from exchange.core.listing import search_instead
from exchange.core.rendering import render_page
from institutions.domain.listing import list_institutions


@require_safe
@login_not_required
def institution_list(request: HttpRequest) -> HttpResponse:
    if found := search_instead(request, "institutions"):
        return found
    listing = list_institutions(request.user, request.GET, cursor=request.GET.get("cursor"))
    return render_page(request, "institutions/list.html", {"listing": listing}, fragment="results")
