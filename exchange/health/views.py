"""Liveness and readiness checks for a load balancer."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from exchange.health.checks import check_parts


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Liveness: 200 without checking anything else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Readiness: 200 when every part works, 503 with the names of those that do not."""
    parts = check_parts()
    ready = all(parts.values())
    body = {"ready": ready, "parts": {name: "ok" if well else "failing" for name, well in parts.items()}}
    return JsonResponse(body, status=200 if ready else 503)
