"""Tasks of this app: questions about programmes that wait for an answer."""

from typing import Any

from django.utils.translation import pgettext_lazy

from accounts.access import access_of
from messaging.domain.my_tasks import TaskItem, task_providers
from programs.domain.inquiries import unanswered_inquiries

MAX_SHOWN = 20


@task_providers.register()
def inquiry_tasks(user: Any) -> list[TaskItem]:
    """For the host's owners and editors; one query."""
    if not access_of(user).edited_institutions:
        return []
    title = pgettext_lazy("task", "Answer %(name)s: %(program)s")
    return [
        TaskItem(
            title % {"name": row.person.get_full_name(), "program": row.program.title}, f"{row.thread.get_absolute_url()}#last"
        )
        for row in unanswered_inquiries(user)[:MAX_SHOWN]
    ]
