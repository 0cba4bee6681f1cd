"""Pages of the coordinator's desk that compare and merge duplicate institutions."""

from django.contrib import messages
from django.core.validators import slug_re
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthedRequest
from exchange.core.access import require
from exchange.core.rendering import render_page
from institutions.domain.institution_merge import can_merge_institutions, declare_distinct, merge_institutions
from institutions.models import Institution
from placements.domain.duplicates import comparison_of, suggestions
from placements.views.desk import desk_scope_for

MAX_TO_CHOOSE = 500


@require_safe
def duplicates(request: AuthedRequest) -> HttpResponse:
    """Possible duplicates, and a form to compare any two institutions."""
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
    """Two institutions side by side, with everything that a merge would combine."""
    first, second = pair_of(request, request.GET.get("first", ""), request.GET.get("second", ""))
    if first.pk == second.pk:
        messages.error(request, _("Choose two different institutions."))
        return redirect("duplicates")
    return render_page(request, "search/duplicate.html", {"sides": comparison_of(first, second, request.user)})


@require_POST
def duplicate_merge(request: AuthedRequest) -> HttpResponse:
    target, source = pair_of(request, request.POST.get("kept", ""), request.POST.get("gone", ""))
    target = merge_institutions(target, source, by=request.user)
    messages.success(request, _("The two institutions are merged. The old address leads here."))
    return redirect(target)


@require_POST
def duplicate_dismiss(request: AuthedRequest) -> HttpResponse:
    first, second = pair_of(request, request.POST.get("first", ""), request.POST.get("second", ""))
    declare_distinct(first, second, by=request.user)
    messages.success(request, _("They stay separate and will not be suggested again."))
    return redirect("duplicates")


def pair_of(request: AuthedRequest, first: str, second: str) -> tuple[Institution, Institution]:
    """Two institutions this user may merge: 404 for one they may not see, 403 for one they may not merge."""
    if not (slug_re.fullmatch(first) and slug_re.fullmatch(second)):
        raise Http404
    rows = Institution.objects.visible_to(request.user)
    one, other = get_object_or_404(rows, slug=first), get_object_or_404(rows, slug=second)
    require(can_merge_institutions(request.user, one, other), _("The coordinators of its country decide that."))
    return one, other
