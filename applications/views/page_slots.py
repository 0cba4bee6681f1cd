"""What the page of a programme shows from this app: the one step that is next for the reader, and the way to its applications."""

from django.db.models import Count
from django.http import HttpRequest
from django.template.loader import render_to_string

from applications.models import Application
from exchange.core.page_slots import page_slot
from exchange.core.stamps import NOTHING, rows_stamp
from profiles.access import access_of
from programs.models import Program

MY_APPLICATION = rows_stamp(
    "applications_application",
    "program_id = (SELECT id FROM programs_program WHERE slug = %(slug)s)"
    " AND expert_id = (SELECT id FROM profiles_expertprofile WHERE user_id = %(user)s)",
)


@page_slot("program.top", order=20, stamp=MY_APPLICATION)
def next_step(request: HttpRequest, program: Program) -> str:
    """Apply, go on with the draft, or where my application stands. One query for who has a profile, none for others."""
    access = access_of(request.user)
    application = None
    if access.expert_id is not None:
        application = (
            Application.objects.filter(program=program, expert_id=access.expert_id)
            .defer("snapshot", "answers", "statement")
            .first()
        )
    elif access.user_id is not None and (access.teams or access.countries or access.secretariat):
        return ""
    if application is None and not program.is_open:
        return ""
    if application is not None:
        application.program = program
    context = {"program": program, "application": application, "eligible": program.known_eligible}
    return render_to_string("applications/_next_step.html", context, request=request)


@page_slot("program.aside", order=20, stamp=NOTHING)  # the host's team alone sees it, and its pages are not remembered
def received(request: HttpRequest, program: Program) -> str:
    """For those who read the applications: how many there are, and the way to them. One query."""
    if program.institution_id not in access_of(request.user).reviewed_institutions:
        return ""
    rows = Application.objects.hosted_by(request.user).filter(program=program).order_by()
    counts = dict(rows.values_list("state").annotate(Count("pk")))
    context = {"program": program, "total": sum(counts.values()), "undecided": counts.get("submitted", 0)}
    return render_to_string("applications/_received.html", context, request=request)
