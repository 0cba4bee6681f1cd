"""The public page of a programme, and its dates for a calendar."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from exchange.core.remembered import remembered
from exchange.core.rendering import render_page
from exchange.core.spoken_languages import Level
from exchange.core.stamps import Stamp, rows_stamp
from exchange.core.transitions import AvailableTransition, available_transitions
from profiles.domain.vocabulary import Vocabulary, vocabulary
from programs.domain.publishing import missing_for_publishing
from programs.domain.queries import ProgramSheet, program_sheet
from programs.domain.usage import taken_stamp
from programs.models import Program
from programs.states import Modality, ProgramState

ATTENDANCE = {
    Modality.ONSITE: "https://schema.org/OfflineEventAttendanceMode",
    Modality.HYBRID: "https://schema.org/MixedEventAttendanceMode",
    Modality.ONLINE: "https://schema.org/OnlineEventAttendanceMode",
}
MAX_DESCRIPTION_LENGTH = 300

PAGE_SLOTS = ("program.top", "program.main", "program.aside", "program.host")
OF_THE_PROGRAMME = "program_id = (SELECT id FROM programs_program WHERE slug = %(slug)s)"
OF_THE_READER = "profile_id = (SELECT id FROM profiles_expertprofile WHERE user_id = %(user)s)"
PROGRAM_AND_HOST = """
SELECT concat_ws(':', p.id, p.xmin, i.xmin, p.deadline > now())
FROM programs_program p JOIN profiles_institution i ON i.id = p.institution_id WHERE p.slug = %(slug)s
"""
PAGE_STAMPS: tuple[Stamp, ...] = (
    PROGRAM_AND_HOST,
    rows_stamp("programs_countryquota", OF_THE_PROGRAMME),
    rows_stamp("programs_requiredlanguage", OF_THE_PROGRAMME),
    rows_stamp("programs_program_concepts", OF_THE_PROGRAMME),
    rows_stamp("profiles_expertprofile", "user_id = %(user)s"),
    rows_stamp("profiles_languageskill", OF_THE_READER),
    rows_stamp("profiles_availabilitywindow", OF_THE_READER),
)
IN_THE_TEAM = (
    "EXISTS (SELECT 1 FROM profiles_membership m JOIN programs_program p ON p.institution_id = m.institution_id"
    " WHERE p.slug = %(slug)s AND m.user_id = %(user)s)"
)


def known_words(request: HttpRequest) -> Vocabulary:
    """The stamp of every label on the page: this process's copy of the vocabulary, another one after each change."""
    return vocabulary()


@require_safe
@login_not_required
def program_page(request: HttpRequest, slug: str) -> HttpResponse:
    return remembered(
        request,
        lambda: draw_page(request, slug),
        stamps=[*PAGE_STAMPS, taken_stamp(), known_words],
        places=PAGE_SLOTS,
        refuse=IN_THE_TEAM,
        slug=slug,
    )


def draw_page(request: HttpRequest, slug: str) -> HttpResponse:
    sheet = program_sheet(request.user, slug)
    if sheet is None:
        raise Http404
    known = vocabulary()
    # Pieces of other apps on this page need not ask again.
    sheet.program.known_eligible = sheet.eligibility.eligible if sheet.eligibility else None
    context = {
        "program": sheet.program,
        "sheet": sheet,
        "list_url": reverse("programs"),
        "languages": [(code, Level(level).label) for code, level in sheet.languages],
        "concepts": [known.concept(pk) for pk in sheet.concept_ids if pk in known],
        "transitions": transitions_for(sheet, request.user),
        # Search engines are strangers: whoever is signed in needs no markup for them.
        "schema": None if request.user.is_authenticated else schema(sheet.program),
    }
    return render_page(request, "programs/page.html", context)


def transitions_for(sheet: ProgramSheet, user: Any) -> list[AvailableTransition]:
    """The buttons of the host's team."""
    return publishable(sheet.program, available_transitions(sheet.program, user)) if sheet.may_edit else []


def publishable(program: Program, transitions: list[AvailableTransition]) -> list[AvailableTransition]:
    """The same transitions; a draft that lacks something says so instead of offering to be published."""
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
            "address": {"@type": "PostalAddress", "addressLocality": program.city, "addressCountry": program.country},
        },
        "organizer": {key: value for key, value in host.items() if value},
        "maximumAttendeeCapacity": program.seats,
    }


@require_safe
@login_not_required
def program_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme's days, and its deadline, as a file every calendar reads."""
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
    days.add("location", f"{program.institution.name}, {program.city}")
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
