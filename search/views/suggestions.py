"""/search/suggestions/: the list under the search box, as an HTML fragment."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from search.domain.params import TYPES
from search.domain.suggesting import suggest


@require_safe
@login_not_required
@never_cache
def suggestions(request: HttpRequest) -> HttpResponse:
    """Options of a listbox, and their number as text. Empty without input."""
    kind = str(TYPES.get(request.GET.get("type", ""), ""))
    groups = suggest(request.user, request.GET.get("q", ""), kind=kind)
    return render(request, "search/suggestions.html", {"groups": groups, "count": sum(len(group.items) for group in groups)})
