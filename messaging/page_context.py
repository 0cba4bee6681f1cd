"""Numbers on every page: unread messages, unread notifications, tasks."""

from django.http import HttpRequest

from exchange.core.context import page_context
from messaging.domain.my_tasks import task_count as count_tasks
from messaging.domain.queries import unread_message_count, unread_notification_count


@page_context.register("unread_messages")
def unread_messages(request: HttpRequest) -> int:
    return unread_message_count(request.user)


@page_context.register("unread_notifications")
def unread_notifications(request: HttpRequest) -> int:
    return unread_notification_count(request.user)


@page_context.register("task_count")
def task_count(request: HttpRequest) -> int:
    return count_tasks(request.user) if request.user.is_authenticated else 0
