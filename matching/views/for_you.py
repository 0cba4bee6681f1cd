"""Pages of an expert: programmes that fit, choices about them, invitations, settings, and the link that stops the weekly e-mail."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access_of
from accounts.requests import AuthedRequest
from accounts.views.preferences import safe_next
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.paging import keyset_page
from exchange.core.rendering import render_page
from matching.domain.advice import advice_for
from matching.domain.choices import (
    chosen_programs,
    dismiss_program,
    save_program,
    save_settings,
    settings_of,
    undo_choice,
)
from matching.domain.explanation import explain
from matching.domain.invitations import decline_invitation
from matching.domain.listing import PAGE_SIZE, list_for_expert
from matching.domain.mailing import stop_weekly
from matching.forms import MatchSettingsForm
from matching.states import Choice, DismissReason
from programs.models import Program


@require_safe
def matches(request: AuthedRequest) -> HttpResponse:
    """Programmes that fit me, with filters and order in the address; or those I saved or dismissed (`show`)."""
    show = request.GET.get("show", "")
    context: dict[str, Any] = {"show_options": _show_options(), "show": show}
    if show in Choice.values:
        page = keyset_page(chosen_programs(request.user, show), ("-id",), cursor=request.GET.get("cursor"), size=PAGE_SIZE)
        return render_page(request, "matching/mine.html", context | {"page": page, "choices": page.items})
    listing = list_for_expert(request.user, request.GET)
    context |= {
        "listing": listing,
        "page": listing.page,
        "matches": [explain(match) for match in listing.page.items],
        "reasons": DismissReason.choices,
        "advice": advice_for(request.user) if listing.page.first else [],
        "dismissed": _just_dismissed(request),
        "sort_options": [
            ("", pgettext("order of a list", "Best fit")),
            ("deadline", pgettext("order of a list", "Closing soonest")),
            ("start", pgettext("order of a list", "Starting soonest")),
        ],
        "eligible_options": [("", pgettext("programmes", "All")), ("1", pgettext("programmes", "Only those I am eligible for"))],
    }
    return render_page(request, "matching/mine.html", context)


def _show_options() -> list[tuple[str, str]]:
    return [
        ("", pgettext("proposals to show", "Proposed")),
        ("saved", pgettext("proposals to show", "Saved")),
        ("dismissed", pgettext("proposals to show", "Dismissed")),
    ]


def _just_dismissed(request: AuthedRequest) -> Program | None:
    """The programme that was dismissed a moment ago, for the button that undoes it."""
    slug = request.GET.get("dismissed", "")
    if not slug:
        return None
    found = chosen_programs(request.user, Choice.DISMISSED).filter(program__slug=slug).first()
    return found.program if found else None


@require_POST
def program_save(request: AuthedRequest, slug: str) -> HttpResponse:
    return _decide(request, slug, save_program)


@require_POST
def program_choice_undo(request: AuthedRequest, slug: str) -> HttpResponse:
    return _decide(request, slug, undo_choice)


def _decide(request: AuthedRequest, slug: str, action: Callable[..., Any]) -> HttpResponse:
    action(get_object_or_404(Program.objects.visible_to(request.user), slug=slug), by=request.user)
    return redirect(safe_next(request, reverse("matches")))


@require_POST
def program_dismiss(request: AuthedRequest, slug: str) -> HttpResponse:
    """Dismiss, then show the list with a button that undoes it."""
    program = get_object_or_404(Program.objects.visible_to(request.user), slug=slug)
    dismiss_program(program, by=request.user, reason=request.POST.get("reason", ""))
    return redirect(f"{reverse('matches')}?dismissed={program.slug}")


@require_POST
def invitation_decline(request: AuthedRequest, slug: str) -> HttpResponse:
    program = get_object_or_404(Program.objects.visible_to(request.user), slug=slug)
    decline_invitation(program, by=request.user)
    messages.success(request, _("You declined the invitation; the host sees that."))
    return redirect(program)


@require_http_methods(["GET", "HEAD", "POST"])
def match_settings(request: AuthedRequest) -> HttpResponse:
    """Whether I am proposed to hosts, and the weekly e-mail."""
    require(access_of(request.user).expert_id is not None, _("Create your profile first."))
    wanted = settings_of(request.user)
    initial = {"proposed": wanted.proposed, "weekly_mail": wanted.weekly_mail}
    form = MatchSettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        save_settings(by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("match_settings")
    return render_page(request, "matching/settings.html", {"form": form})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def match_mail_stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing, because mail servers open every link of an e-mail; the signed link itself authorises the POST, as the
    one-click button of a mail client, which has no session, sends it.
    """
    try:
        if request.method == "POST":
            stop_weekly(token)
    except DomainError as error:
        return render_page(request, "matching/stop.html", {"refusal": str(error)}, status=error.status)
    return render_page(request, "matching/stop.html", {"done": request.method == "POST"})
