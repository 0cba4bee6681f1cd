"""Switching between one's own roles."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.requests import AuthedRequest
from accounts.views.preferences import safe_next
from institutions.domain.hats import SESSION_KEY, hats_of_request


@require_POST
def hat_switch(request: AuthedRequest) -> HttpResponse:
    """Put on another of my hats; to its desk, since the page I was on may be of another hat."""
    wanted = request.POST.get("hat", "")
    if wanted in {hat.key for hat in hats_of_request(request)}:
        request.session[SESSION_KEY] = wanted
    return HttpResponseRedirect(safe_next(request, reverse("desk")))
