"""The polling of an open tab: counts, and the head of the thread it shows. Makes up for lost live events."""

from typing import Any

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.requests import AuthedRequest
from messaging.domain.my_tasks import task_count
from messaging.domain.queries import unread_counts
from messaging.models import Thread


@never_cache
@require_GET
def live_counters(request: AuthedRequest) -> JsonResponse:
    unread = unread_counts(request.user)
    answer: dict[str, Any] = {
        "counts": {
            "messages": unread.messages,
            "notifications": unread.notifications,
            "waiting": task_count(request.user),
        },
        "thread": None,
    }
    asked = request.GET.get("thread", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        answer["thread"] = Thread.objects.visible_to(request.user).filter(pk=asked).values("id", "head", "revision").first()
    return JsonResponse(answer)
