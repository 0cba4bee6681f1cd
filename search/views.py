"""The page /search/."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from exchange.core.folding import LONGEST_QUERY
from exchange.core.rendering import render_page
from search.domain.queries import search_everything


@require_safe
@login_not_required
def search(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\x00", "")[:LONGEST_QUERY].strip()
    return render_page(
        request, "search/page.html", {"words": words, "found": search_everything(request.user, words)}, fragment="results"
    )
