"""What placements adds to pages of other apps."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from applications.domain.timeline import Step, later_steps
from applications.models import Application
from applications.states import ApplicationState
from exchange.core.page_slots import page_slots
from institutions.domain.duplicates import suggestion_count
from institutions.models import Institution
from partnerships.models import Agreement
from placements.domain.desk import DeskScope
from placements.domain.queries import country_decisions_of, people_of, placement_of, placements_under
from placements.domain.timeline import steps_after_acceptance
from placements.domain.track_record import track_record_of

SHOWN = 10


@later_steps.register()
def steps_of_placement(application: Application) -> list[Step] | None:
    """What follows an accepted offer, for the applicant's timeline."""
    placement = placement_of(application)
    return steps_after_acceptance(placement, country_decisions_of(placement, None, people_of(placement))) if placement else None


@page_slots.register("application.aside", order=10)
def application_placement(request: HttpRequest, application: Application) -> str:
    """Once the offer is accepted: the state of the placement and the decision of each country."""
    if application.state not in (ApplicationState.ACCEPTED, ApplicationState.RELEASED):
        return ""
    placement = placement_of(application, request.user)
    if placement is None:
        return ""
    context = {"placement": placement, "decisions": country_decisions_of(placement, request.user)}
    return render_to_string("placements/_of_application.html", context, request=request)


@page_slots.register("agreement.main", order=20)
def agreement_placements(request: HttpRequest, agreement: Agreement) -> str:
    """The placements covered by an agreement."""
    placements = list(placements_under(agreement, request.user)[:SHOWN])
    if not placements:
        return ""
    return render_to_string("placements/_of_agreement.html", {"placements": placements}, request=request)


@page_slots.register("institution.aside", order=40)
def institution_record(request: HttpRequest, institution: Institution) -> str:
    """The track record of the institution as a host."""
    return render_to_string("placements/_track_record.html", {"record": track_record_of(institution)}, request=request)


@page_slots.register("desk.coordinator", order=30)
def duplicates_on_desk(request: HttpRequest, scope: DeskScope) -> str:
    """The number of possible duplicates."""
    count = suggestion_count(scope.shown)
    address = reverse("duplicates") + (f"?country={scope.country}" if scope.country else "")
    return render_to_string("search/_duplicates_on_desk.html", {"count": count, "address": address}, request)
