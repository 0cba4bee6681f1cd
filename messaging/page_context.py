"""Numbers on every page: unread messages, unread notifications, tasks."""

from django.http import HttpRequest

from exchange.core.context import page_context
from messaging.domain.my_tasks import task_count as count_tasks
from messaging.domain.queries import Unread, unread_counts


@page_context.register("unread")
def unread(request: HttpRequest) -> Unread:
    return unread_counts(request.user)


@page_context.register("task_count")
def task_count(request: HttpRequest) -> int:
    return count_tasks(request.user) if request.user.is_authenticated else 0
