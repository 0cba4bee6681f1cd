"""Page slots: the links to the import of experts."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts.access import access_of
from exchange.core.page_slots import page_slots
from institutions.models import Institution
from institutions.states import InstitutionState


@page_slots.register("institution.aside", order=80)
def bring_your_experts(request: HttpRequest, institution: Institution) -> str:
    """For editors of a verified institution: a link to the import."""
    edits = institution.pk in access_of(request.user).edited_institutions
    if not edits or institution.state != InstitutionState.VERIFIED:
        return ""
    return render_to_string("importing/_import_link.html", {"scope": f"institution-{institution.pk}"}, request)


@page_slots.register("home.aside", order=80)
def bring_people_of_the_country(request: HttpRequest, user: Any) -> str:
    """For coordinators: a link to the import."""
    return render_to_string("importing/_import_link.html", {}, request) if access_of(user).countries else ""
