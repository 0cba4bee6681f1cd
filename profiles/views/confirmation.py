"""/profile/confirm/TOKEN/: the page of the link in the yearly reminder. It needs no login; only its button confirms."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from exchange.core.errors import DomainError
from exchange.core.rendering import render_page
from profiles.domain.confirmation import confirm_by_link, read_link


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def profile_confirm_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing: mail servers open every link of an e-mail. Only the name of the profile is shown."""
    try:
        link = read_link(token)
    except DomainError as error:
        return render_page(request, "profiles/confirm.html", {"refusal": str(error)}, status=error.status)
    if request.method == "POST":
        confirm_by_link(link)
    context = {
        "name": str(link.profile),
        "confirmed_on": link.profile.confirmed_on,
        "done": request.method == "POST",
        "used": link.used,
    }
    return render_page(request, "profiles/confirm.html", context)
