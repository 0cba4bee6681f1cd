"""What this app shows on pages of the apps below it."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from applications.domain.timeline import Step, later_steps_provider
from applications.models import Application
from applications.states import ApplicationState
from exchange.core.page_slots import page_slot
from partnerships.models import Agreement
from placements.domain.queries import country_decisions_of, people_of, placement_of, placements_under
from placements.domain.timeline import steps_after_acceptance
from placements.domain.track_record import track_record_of
from profiles.models import Institution

SHOWN = 10


@later_steps_provider
def later_steps(application: Application) -> list[Step] | None:
    """What follows an accepted offer, for the applicant's timeline."""
    placement = placement_of(application)
    return steps_after_acceptance(placement, country_decisions_of(placement, None, people_of(placement))) if placement else None


@page_slot("application.aside", order=10)
def application_placement(request: HttpRequest, application: Application) -> str:
    """Once the offer is accepted: where the placement stands and what each country says."""
    if application.state not in (ApplicationState.ACCEPTED, ApplicationState.RELEASED):
        return ""
    placement = placement_of(application, request.user)
    if placement is None:
        return ""
    context = {"placement": placement, "words": country_decisions_of(placement, request.user)}
    return render_to_string("placements/_of_application.html", context, request=request)


@page_slot("agreement.main", order=20)
def agreement_placements(request: HttpRequest, agreement: Agreement) -> str:
    """The placements that rest on an agreement."""
    placements = list(placements_under(agreement, request.user)[:SHOWN])
    if not placements:
        return ""
    return render_to_string("placements/_of_agreement.html", {"placements": placements}, request=request)


@page_slot("institution.aside", order=40)
def institution_record(request: HttpRequest, institution: Institution) -> str:
    """What the institution has done as a host, counted."""
    return render_to_string("placements/_track_record.html", {"record": track_record_of(institution)}, request=request)
