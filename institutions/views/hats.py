"""Switching between one's own roles."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.requests import AuthedRequest
from accounts.views.preferences import safe_next
from institutions.domain.roles import SESSION_KEY, active_roles_of_request


@require_POST
def role_switch(request: AuthedRequest) -> HttpResponse:
    """Switch role and go to its desk, since the page may belong to another role."""
    wanted = request.POST.get("hat", "")
    if wanted in {active_role.key for active_role in active_roles_of_request(request)}:
        request.session[SESSION_KEY] = wanted
    return HttpResponseRedirect(safe_next(request, reverse("desk")))
