"""Pages of the coordinator's desk."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import AuthedRequest
from exchange.core.access import require
from exchange.core.countries import Country
from exchange.core.rendering import render_page
from institutions.domain.roles import current_role
from placements.domain import statistics
from placements.domain.desk import DeskScope, desk_scope_of, read_desk, side_choices
from placements.domain.desk_map import desk_points


@require_safe
def desk_coordinator(request: AuthedRequest) -> HttpResponse:
    """The coordinator's desk of a country, with the statistics of the year."""
    scope = desk_scope_for(request)
    side = request.GET.get("side", "")
    desk = read_desk(scope, tab=request.GET.get("tab", ""), side=side, cursor=request.GET.get("cursor"))
    flows = statistics.flows(timezone.localdate().year)
    context = {
        "desk": desk,
        "scope": scope,
        "side": side,
        "sides": side_choices(),
        "countries": [("", _("All my countries")), *((code, Country(code).label) for code in scope.all)],
        "flows": flows,
        "balance": flows.balance(scope.shown)[:5],
        "points": desk_points(scope),
        "pace": statistics.time_to_approval(scope.shown),
    }
    return render_page(request, "placements/desk.html", context, fragment="rows")


def desk_scope_for(request: AuthedRequest) -> DeskScope:
    """The reader's scope: the country in the address, else that of the current role. Raises Refusal (403) without a desk."""
    chosen = request.GET.get("country")
    if chosen is None:
        active_role = current_role(request)
        chosen = active_role.subject if active_role and active_role.kind == "coordinator" else ""
    scope = desk_scope_of(request.user, chosen)
    require(scope is not None, _("Only country coordinators can open this page."))
    assert scope is not None  # noqa: S101 -- the line above raised otherwise
    return scope
