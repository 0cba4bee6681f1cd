"""What applications add to the page of a programme: the reader's next step, and the link to its applications."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts.access import access_of
from applications.models import Application
from applications.rules import APPLYING_TO
from exchange.core.page_slots import page_slots
from programs.models import Program


@page_slots.register("program.top", order=20)
def next_step(request: HttpRequest, program: Program) -> str:
    """A link to apply, to the draft, or to the user's application with its state. One query for users with an application, none for others."""
    access = access_of(request.user)
    application = None
    if access.expert_id is not None and program.known_applied is not None:
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


@page_slots.register("profile.top", order=10)
def way_back(request: HttpRequest, user: Any) -> str:
    """On the pages of the profile editor: the programme one was applying to, until the application is begun. One query, none otherwise."""
    slug = request.session.get(APPLYING_TO)
    if not slug:
        return ""
    program = Program.objects.visible_to(user).open().filter(slug=slug).first()
    return render_to_string("applications/_way_back.html", {"program": program}, request=request) if program else ""


@page_slots.register("program.aside", order=20)
def received(request: HttpRequest, program: Program) -> str:
    """For those who read the applications: how many there are, with a link to them. One query."""
    if program.institution_id not in access_of(request.user).reviewed_institutions:
        return ""
    rows = Application.objects.hosted_by(request.user).filter(program=program).order_by()
    counts = dict(rows.values_list("state").annotate(Count("pk")))
    context = {"program": program, "total": sum(counts.values()), "undecided": counts.get("submitted", 0)}
    return render_to_string("applications/_received.html", context, request=request)
