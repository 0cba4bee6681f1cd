"""The public page of a programme, and its dates as a calendar file."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from exchange.core.rendering import render_page
from exchange.core.spoken_languages import Level
from exchange.core.towns import town
from exchange.core.transitions import AvailableTransition, available_transitions
from programs.domain.publishing import missing_for_publishing
from programs.domain.queries import ProgramPageData, for_applicant, program_page_data
from programs.models import Program
from programs.states import Modality, ProgramState
from vocabulary.domain.vocabulary import vocabulary

ATTENDANCE = {
    Modality.ONSITE: "https://schema.org/OfflineEventAttendanceMode",
    Modality.HYBRID: "https://schema.org/MixedEventAttendanceMode",
    Modality.ONLINE: "https://schema.org/OnlineEventAttendanceMode",
}
MAX_DESCRIPTION_LENGTH = 300


@require_safe
@login_not_required
def program_page(request: HttpRequest, slug: str) -> HttpResponse:
    data = program_page_data(request.user, slug)
    if data is None:
        raise Http404
    data = for_applicant(data, request.user)
    known = vocabulary()
    # Page slots of other apps reuse the answer.
    data.program.known_eligible = data.eligibility.eligible if data.eligibility else None
    data.program.known_applied = data.applied
    context = {
        "program": data.program,
        "picture": data.program.shown_picture,
        "data": data,
        "list_url": reverse("programs"),
        "languages": [(code, Level(level).label) for code, level in data.languages],
        "concepts": [known.concept(pk) for pk in data.concept_ids if pk in known],
        "transitions": transitions_for(data, request.user),
        # Search engines are anonymous users: the markup is left out for others.
        "schema": None if request.user.is_authenticated else schema(data.program),
    }
    return render_page(request, "programs/page.html", context)


def transitions_for(data: ProgramPageData, user: Any) -> list[AvailableTransition]:
    """The available transitions, for the host's team."""
    return publishable(data.program, available_transitions(data.program, user)) if data.may_edit else []


def publishable(program: Program, transitions: list[AvailableTransition]) -> list[AvailableTransition]:
    """The same transitions; publishing is replaced by what is missing in an incomplete draft."""
    if program.state != ProgramState.DRAFT or not missing_for_publishing(program):
        return transitions
    words = pgettext("why a programme cannot be published", "Something is still missing.")
    return [AvailableTransition(legal.transition, words) if legal.name == "publish" else legal for legal in transitions]


def schema(program: Program) -> dict[str, Any]:
    """Schema.org description of a public programme."""
    host = {"@type": "Organization", "name": str(program.institution.name), "url": program.institution.website or None}
    return {
        "@type": "EducationEvent",
        "name": str(program.title),
        "description": str(program.summary)[:MAX_DESCRIPTION_LENGTH],
        "url": settings.SITE_URL + program.get_absolute_url(),
        "inLanguage": get_language(),
        "startDate": program.starts.isoformat(),
        "endDate": program.ends.isoformat(),
        "eventStatus": "https://schema.org/" + ("EventCancelled" if program.state == ProgramState.CANCELLED else "EventScheduled"),
        "eventAttendanceMode": ATTENDANCE[Modality(program.modality)],
        "location": {
            "@type": "Place",
            "name": str(program.institution.name),
            "address": {"@type": "PostalAddress", "addressLocality": town(program.city), "addressCountry": program.country},
        },
        "organizer": {key: value for key, value in host.items() if value},
        "maximumAttendeeCapacity": program.seats,
    }


@require_safe
@login_not_required
def program_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme's dates and deadline as an iCalendar file."""
    program = Program.objects.visible_to(request.user).filter(slug=slug).select_related("institution").first()
    if program is None:
        raise Http404
    response = HttpResponse(calendar_of(program).to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{program.slug}.ics"'
    return response


def calendar_of(program: Program) -> Calendar:
    """One event for the days, one for the deadline."""
    url = settings.SITE_URL + program.get_absolute_url()
    calendar = Calendar()
    calendar.add("prodid", "-//Miras//Programmes//EN")
    calendar.add("version", "2.0")
    days = _event(program, "days", str(program.title), url)
    days.add("dtstart", program.starts)
    days.add("dtend", program.ends + datetime.timedelta(days=1))
    days.add("location", f"{program.institution.name}, {town(program.city)}")
    days.add("description", str(program.summary))
    calendar.add_component(days)
    if program.deadline:
        words = pgettext("event in a calendar", "Deadline: %(title)s") % {"title": program.title}
        deadline = _event(program, "deadline", words, url)
        deadline.add("dtstart", program.deadline.astimezone(datetime.UTC))
        deadline.add("dtend", program.deadline.astimezone(datetime.UTC))
        calendar.add_component(deadline)
    return calendar


def _event(program: Program, part: str, summary: str, url: str) -> Event:
    event = Event()
    event.add("uid", f"{program.slug}-{part}@{settings.SITE_URL.partition('://')[2].partition('/')[0]}")
    event.add("dtstamp", program.state_since)
    event.add("sequence", program.version)
    event.add("summary", summary)
    event.add("url", url)
    event.add("status", "CANCELLED" if program.state == ProgramState.CANCELLED else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
