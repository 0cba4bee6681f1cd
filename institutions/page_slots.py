"""Page slots: what this app shows on pages of the apps below it."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from exchange.core.page_slots import page_slots
from institutions.domain.queries import institutions_of, open_invitations


@page_slots.register("settings.top", order=10)
def invitations_on_settings(request: HttpRequest, user: Any) -> str:
    """Open invitations to teams."""
    invitations = list(open_invitations(user))
    if not invitations:
        return ""
    return render_to_string("institutions/_settings_invitations.html", {"invitations": invitations}, request)


@page_slots.register("settings.profile", order=10)
def institutions_on_settings(request: HttpRequest, user: Any) -> str:
    """The institutions of the account, with a link to add one."""
    return render_to_string("institutions/_settings_links.html", {"institutions": institutions_of(user)}, request)
