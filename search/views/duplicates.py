"""The coordinator's desk, further in: institutions that may be one, compared and merged."""

from django.contrib import messages
from django.core.validators import slug_re
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from exchange.core.access import require
from exchange.core.page_slots import page_slot
from exchange.core.rendering import render_page
from placements.domain.desk import DeskScope
from placements.views.desk import desk_scope_for
from profiles.domain.institution_merge import can_merge_institutions, declare_distinct, merge_institutions
from profiles.models import Institution
from profiles.requests import AuthedRequest
from search.domain.duplicates import compared, suggestion_count, suggestions

MAX_TO_CHOOSE = 500


@require_safe
def duplicates(request: AuthedRequest) -> HttpResponse:
    """Pairs with like names, and a form to compare any two."""
    scope = desk_scope_for(request)
    choices = Institution.objects.filter(country__in=scope.shown).only("slug", "name", "country")[:MAX_TO_CHOOSE]
    context = {
        "scope": scope,
        "pairs": suggestions(scope.shown),
        "chosen": [("first", _("First institution")), ("second", _("Second institution"))],
        "choices": sorted(choices, key=lambda row: (row.country, str(row.name).casefold())),
    }
    return render_page(request, "search/duplicates.html", context)


@require_safe
def duplicate_compare(request: AuthedRequest) -> HttpResponse:
    """Two side by side, with everything that would join."""
    first, second = pair_of(request, request.GET.get("first", ""), request.GET.get("second", ""))
    if first.pk == second.pk:
        messages.error(request, _("Choose two different institutions."))
        return redirect("duplicates")
    return render_page(request, "search/duplicate.html", {"sides": compared(first, second, request.user)})


@require_POST
def duplicate_merge(request: AuthedRequest) -> HttpResponse:
    target, source = pair_of(request, request.POST.get("kept", ""), request.POST.get("gone", ""))
    target = merge_institutions(target, source, by=request.user)
    messages.success(request, _("The two are one now. The old address leads here."))
    return redirect(target)


@require_POST
def duplicate_dismiss(request: AuthedRequest) -> HttpResponse:
    first, second = pair_of(request, request.POST.get("first", ""), request.POST.get("second", ""))
    declare_distinct(first, second, by=request.user)
    messages.success(request, _("They stay two and are not suggested again."))
    return redirect("duplicates")


def pair_of(request: AuthedRequest, first: str, second: str) -> tuple[Institution, Institution]:
    """Two institutions this person may merge: 404 for what they do not see, 403 for what is not theirs to decide."""
    if not (slug_re.fullmatch(first) and slug_re.fullmatch(second)):
        raise Http404
    rows = Institution.objects.visible_to(request.user).defer("search")
    one, other = get_object_or_404(rows, slug=first), get_object_or_404(rows, slug=second)
    require(can_merge_institutions(request.user, one, other), _("The coordinators of its country decide that."))
    return one, other


@page_slot("desk.coordinator", order=30)
def duplicates_on_desk(request: HttpRequest, scope: DeskScope) -> str:
    """How many pairs wait to be looked at."""
    count = suggestion_count(scope.shown)
    address = reverse("duplicates") + (f"?country={scope.country}" if scope.country else "")
    return render_to_string("search/_duplicates_on_desk.html", {"count": count, "address": address}, request)
