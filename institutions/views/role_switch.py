"""Switching between one's own roles."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.requests import AuthedRequest
from exchange.core.next_page import safe_next
from institutions.domain.roles import SESSION_KEY, active_roles_of_request


@require_POST
def role_switch(request: AuthedRequest) -> HttpResponse:
    """Switch role and open its desk (the page one came from may belong to another role). A role the user does not have changes nothing."""
    chosen = request.POST.get("role", "")
    if chosen in {active_role.key for active_role in active_roles_of_request(request)}:
        request.session[SESSION_KEY] = chosen
    return HttpResponseRedirect(safe_next(request, reverse("desk")))
