"""Pages of a host about people for a programme: the list, the comparison, the coverage, invitations and choices."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import AuthedRequest
from accounts.views.preferences import safe_next
from exchange.core.errors import DomainError
from exchange.core.rendering import render_page
from matching.domain.choices import choose_person, require_host, undo_person_choice
from matching.domain.comparison import MOST, compare_people
from matching.domain.coverage import coverage_of
from matching.domain.explanation import explain
from matching.domain.invitations import invite_expert, why_not_invited
from matching.domain.listing import list_people
from matching.forms import InvitationForm
from matching.states import Choice, InvitationState
from profiles.models import ExpertProfile
from programs.models import Program

STATE_LABELS = dict(InvitationState.choices)
STATE_TONES = {InvitationState.APPLIED: "success", InvitationState.DECLINED: "danger"}


def load_hosted(request: HttpRequest, slug: str) -> Program:
    """The programme, for the host's editors: 404 when it is not visible to them, 403 for everybody else."""
    program: Program = get_object_or_404(Program.objects.visible_to(request.user).select_related("institution"), slug=slug)
    require_host(program, request.user)
    return program


@require_safe
def program_people(request: AuthedRequest, slug: str) -> HttpResponse:
    """People who fit a programme of mine, with filters in the address."""
    program = load_hosted(request, slug)
    listing = list_people(program, request.user, request.GET)
    people = [explain(match, for_host=True) for match in listing.page.items]
    for explained in people:
        match: Any = explained.match
        match.invitation_label = STATE_LABELS.get(match.invitation, "")
        match.invitation_tone = STATE_TONES.get(match.invitation, "info")
    context = {
        "program": program,
        "listing": listing,
        "people": people,
        "most": MOST,
        "form": InvitationForm(initial={"words": _("We read your profile and would be glad to receive your application.")}),
        "show_options": [
            ("", pgettext("people to show", "Proposed")),
            ("saved", pgettext("people to show", "Shortlist")),
            ("invited", pgettext("people to show", "Invited")),
            ("dismissed", pgettext("people to show", "Dismissed")),
        ],
        "eligible_options": [("", pgettext("people to show", "Eligible")), ("all", pgettext("people to show", "All"))],
        "available_options": [
            ("", pgettext("people to show", "Any dates")),
            ("1", pgettext("people to show", "Free on all days")),
        ],
    }
    return render_page(request, "matching/people.html", context)


@require_POST
def people_invite(request: AuthedRequest, slug: str) -> HttpResponse:
    """Invite one person from the list with the message above it."""
    program = load_hosted(request, slug)
    expert = _expert(request, request.POST.get("expert", ""))
    invite_expert(expert, program, by=request.user, words=request.POST.get("words", ""))
    messages.success(request, _("The invitation has been sent."))
    return _back(request, program)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: AuthedRequest, slug: str, expert_id: int) -> HttpResponse:
    """Write to one person about a programme of mine."""
    program = load_hosted(request, slug)
    expert = _expert(request, str(expert_id))
    refusal = why_not_invited(expert, program)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invite_expert(expert, program, by=request.user, words=form.cleaned_data["words"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The invitation has been sent."))
            return redirect("program_people", slug=program.slug)
    return render_page(request, "matching/invite.html", {"program": program, "expert": expert, "form": form, "refusal": refusal})


@require_POST
def person_choose(request: AuthedRequest, slug: str, expert_id: int, choice: str) -> HttpResponse:
    """Save, dismiss or undo."""
    program = load_hosted(request, slug)
    expert = _expert(request, str(expert_id))
    if choice == "undo":
        undo_person_choice(expert, program, by=request.user)
    elif choice in Choice.values:
        choose_person(expert, program, by=request.user, choice=choice)
    else:
        raise Http404
    return _back(request, program)


@require_safe
def people_compare(request: AuthedRequest, slug: str) -> HttpResponse:
    """Up to MOST people side by side, named in the address."""
    program = load_hosted(request, slug)
    ids = [int(text) for text in dict.fromkeys(request.GET.getlist("expert")) if text.isdecimal() and len(text) < 10]
    comparison = compare_people(program, request.user, ids[:MOST])
    context = {"program": program, "comparison": comparison, "too_many": len(ids) > MOST, "most": MOST}
    return render_page(request, "matching/compare.html", context)


@require_safe
def people_coverage(request: AuthedRequest, slug: str) -> HttpResponse:
    """The shortlist and the pool by country, field, level and language."""
    program = load_hosted(request, slug)
    return render_page(request, "matching/coverage.html", {"program": program, "charts": coverage_of(program, request.user)})


def _expert(request: AuthedRequest, text: str) -> ExpertProfile:
    pk = int(text) if text.isdecimal() and len(text) < 10 else 0
    found: ExpertProfile = get_object_or_404(ExpertProfile.objects.visible_to(request.user), pk=pk)
    return found


def _back(request: AuthedRequest, program: Program) -> HttpResponse:
    return redirect(safe_next(request, reverse("program_people", args=[program.slug])))
