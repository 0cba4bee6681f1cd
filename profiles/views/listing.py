"""The page /experts/."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from exchange.core.listing import search_instead
from exchange.core.rendering import render_page
from profiles.domain.listing import list_experts


@require_safe
@login_not_required
def expert_list(request: HttpRequest) -> HttpResponse:
    if found := search_instead(request, "experts"):
        return found
    listing = list_experts(request.user, request.GET, cursor=request.GET.get("cursor"))
    sort_options = [
        ("", pgettext("order of a list", "By name")),
        ("fresh", pgettext("order of a list", "Confirmed most recently")),
        ("new", pgettext("order of a list", "Newest first")),
    ]
    context = {"listing": listing, "sort_options": sort_options}
    return render_page(request, "profiles/list.html", context, fragment="results")
