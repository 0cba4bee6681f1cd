"""Pages of the coordinator's desk."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import AuthedRequest
from exchange.core.access import require
from exchange.core.countries import Country
from exchange.core.rendering import render_page
from institutions.domain.hats import current_hat
from placements.domain import figures
from placements.domain.desk import Ground, ground_of, read_desk, side_choices


@require_safe
def desk_coordinator(request: AuthedRequest) -> HttpResponse:
    """What waits for a country, with the figures of its year."""
    ground = ground_for(request)
    side = request.GET.get("side", "")
    desk = read_desk(ground, tab=request.GET.get("tab", ""), side=side, cursor=request.GET.get("cursor"))
    flows = figures.flows(timezone.localdate().year)
    context = {
        "desk": desk,
        "ground": ground,
        "side": side,
        "sides": side_choices(),
        "countries": [("", _("All my countries")), *((code, Country(code).label) for code in ground.all)],
        "flows": flows,
        "balance": flows.balance(ground.shown)[:5],
        "pace": figures.time_to_yes(ground.shown),
    }
    return render_page(request, "placements/desk.html", context, fragment="rows")


def ground_for(request: AuthedRequest) -> Ground:
    """The reader's scope: the country in the address, else that of the current role. Raises Refusal (403) without a desk."""
    chosen = request.GET.get("country")
    if chosen is None:
        hat = current_hat(request)
        chosen = hat.subject if hat and hat.kind == "coordinator" else ""
    ground = ground_of(request.user, chosen)
    require(ground is not None, _("Only country coordinators can open this page."))
    assert ground is not None  # noqa: S101 -- the line above raised otherwise
    return ground
