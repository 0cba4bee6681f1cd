"""Pages of applications: the user's own, one by role, its transitions, its files."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access_of
from accounts.requests import AuthedRequest
from applications.domain.queries import answers_of, documents, my_applications, next_to_review, review_page, tone_of
from applications.domain.reviews import rubric_of, save_review
from applications.domain.timeline import days_left, events_of, timeline_of
from applications.domain.transitions import ACTIONS, make_transition
from applications.forms import ReviewForm
from applications.models import Application, ApplicationFile
from applications.rules import can_review
from applications.states import REJECTION_REASONS, ApplicationState
from exchange.core.access import require
from exchange.core.files import send_file
from exchange.core.rendering import render_page
from exchange.core.transitions import available_transitions


def _visible(request: AuthedRequest) -> "QuerySet[Application]":
    rows: QuerySet[Application] = Application.objects.visible_to(request.user)
    return rows.select_related("program__institution", "expert", "thread")


@require_safe
def application_list(request: AuthedRequest) -> HttpResponse:
    """The user's own applications; a user who is no expert but reads for a host is redirected to the host's desk."""
    access = access_of(request.user)
    if access.expert_id is None and access.reviewed_institutions:
        return redirect("desk_host")
    return render_page(request, "applications/list.html", {"mine": my_applications(request.user)})


@require_safe
def application_detail(request: AuthedRequest, pk: int) -> HttpResponse:
    """The applicant's timeline, or the host's review; a user never sees both."""
    application = get_object_or_404(_visible(request), pk=pk)
    if "expert" not in application.roles_of(request.user):
        return _review(request, application)
    files = list(application.files.all())
    answers = answers_of(application, files)
    context = {
        "application": application,
        "program": application.program,
        "tone": tone_of(application),
        "transitions": [
            transition for transition in available_transitions(application, request.user) if transition.name != "withdraw"
        ],
        "leave": [transition for transition in available_transitions(application, request.user) if transition.name == "withdraw"],
        "reason": dict(REJECTION_REASONS).get(application.reason, ""),
        "steps": timeline_of(application),
        "days_left": days_left(application),
        "answers": answers,
        "documents": documents(files, [row.question for row in answers]),
        "snapshot": application.snapshot,
    }
    return render_page(request, "applications/application.html", context)


def _review(request: AuthedRequest, application: Application, form: ReviewForm | None = None, *, status: int = 200) -> HttpResponse:
    page = review_page(application, request.user)
    if form is None and page.can_review:
        form = ReviewForm(page.rubric, mine=page.mine)
    context = {
        "page": page,
        "application": application,
        "program": application.program,
        "tone": tone_of(application),
        "form": form,
        "events": events_of(application),
        "snapshot": application.snapshot,
    }
    return render_page(request, "applications/review.html", context, status=status)


@require_POST
def application_review(request: AuthedRequest, pk: int) -> HttpResponse:
    """Save my scores; with `next`, go on to the next application without scores of mine."""
    application = get_object_or_404(_visible(request), pk=pk)
    require(can_review(request.user, application) or not application.takes_reviews)
    form = ReviewForm(rubric_of(application.program), request.POST)
    if not form.is_valid():
        return _review(request, application, form, status=422)
    save_review(application, by=request.user, scores=form.scores(), comment=form.cleaned_data["comment"])
    following = next_to_review(application, request.user) if "next" in request.POST else None
    if following is not None:
        messages.success(request, _("Saved. This is the next application for you to review."))
        return redirect(following)
    messages.success(
        request, _("Saved. There are no more applications for you to review here.") if "next" in request.POST else _("Saved")
    )
    return redirect(application)


def application_move(request: AuthedRequest, pk: int, transition: str) -> HttpResponse:
    """Make one transition. GET shows the form of a transition that needs one."""
    if transition not in ACTIONS:
        raise Http404
    application = get_object_or_404(_visible(request), pk=pk)
    if request.method != "POST" or (transition == "submit" and application.state == ApplicationState.DRAFT):
        return redirect("apply", application.program.slug) if application.transitions[transition].form else redirect(application)
    before = application.state
    make_transition(
        application, transition, by=request.user, reason=request.POST.get("reason", ""), note=request.POST.get("note", "")
    )
    if application.state == before:
        messages.info(request, _("This was already done and has not been repeated."))
    else:
        messages.success(request, str(application.transitions[transition].done))
    return redirect("apply", application.program.slug) if transition == "reopen" else redirect(application)


@require_safe
def application_file(request: HttpRequest, pk: int, file_pk: int) -> FileResponse:
    stored = get_object_or_404(ApplicationFile.objects.visible_to(request.user), pk=file_pk, application_id=pk)
    return send_file(stored.file, name=stored.name)
