"""The page /programs/."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from exchange.core.listing import search_instead
from exchange.core.rendering import render_page
from programs.domain.listing import list_programs


@require_safe
@login_not_required
def program_list(request: HttpRequest) -> HttpResponse:
    if found := search_instead(request, "programs"):
        return found
    listing = list_programs(request.user, request.GET, cursor=request.GET.get("cursor"))
    context = {
        "listing": listing,
        "when_options": [("", pgettext("programmes", "Open now")), ("all", pgettext("programmes", "All"))],
        "sort_options": [
            ("", pgettext("order of a list", "Closing soonest")),
            ("start", pgettext("order of a list", "Starting soonest")),
            ("new", pgettext("order of a list", "Newest first")),
        ],
    }
    return render_page(request, "programs/list.html", context, fragment="results")
