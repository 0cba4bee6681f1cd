"""The search page, /search/."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from exchange.core.rendering import render_page
from search.domain.descriptions import proposed_name
from search.domain.exporting import can_export
from search.domain.maps import search_points
from search.domain.pages import search_page
from search.domain.params import sorts_of
from search.forms import save_form

CARRIED = ("cursor", "lang", "filters")


@require_safe
@login_not_required
def search(request: HttpRequest) -> HttpResponse:
    """The search page. The components read the query string from the request, so it is replaced by the validated one."""
    page = search_page(request.user, request.GET)
    understood = page.search_params.params()
    for name in CARRIED:
        if name in request.GET:
            understood[name] = request.GET[name]
    request.GET = understood  # type: ignore[assignment]  # the stubs ask for a frozen one
    context = {
        "page": page,
        "search_params": page.search_params,
        "points": search_points(page),
        "sort_options": sort_options(page.search_params.kind),
        "save_form": save_form(proposed_name(page.search_params))
        if request.user.is_authenticated and (page.search_params or page.search_params.kind)
        else None,
        "exports": can_export(request.user),
    }
    return render_page(request, "search/page.html", context, fragment="results")


def sort_options(kind: str) -> list[tuple[str, str]]:
    """The orders of a tab, the default first."""
    labels = {
        "name": pgettext("order of a list", "By name"),
        "new": pgettext("order of a list", "Newest first"),
        "fresh": pgettext("order of a list", "Confirmed most recently"),
    }
    return [("", pgettext("order of a list", "Best first")), *((name, labels[name]) for name in sorts_of(kind))]
