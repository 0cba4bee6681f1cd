"""What waits for a person in this app."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from applications.domain.queries import decisions_waiting, drafts_closing, offers_to_answer, reviews_waiting
from messaging.my_tasks import TaskItem, task_provider

DRAFTS_WITHIN = datetime.timedelta(days=14)


@task_provider
def application_tasks(user: Any) -> Iterator[TaskItem]:
    """Offers to answer, drafts whose call closes soon, applications to score, applications to decide."""
    for application in offers_to_answer(user):
        title = pgettext_lazy("what waits for me", "Answer the offer: %(program)s")
        yield TaskItem(_filled(title, application.program), application.get_absolute_url(), application.offer_expires_at, "due")
    for application in drafts_closing(user, DRAFTS_WITHIN):
        title = pgettext_lazy("what waits for me", "Finish your application: %(program)s")
        yield TaskItem(
            _filled(title, application.program), reverse("apply", args=[application.program.slug]), application.program.deadline
        )
    for program, count in reviews_waiting(user):
        title = pgettext_lazy("what waits for me", "Review applications: %(program)s")
        url = reverse("program_applications", args=[program.slug]) + "?show=review"
        yield TaskItem(_filled(title, program), url, count=count)
    for program, count in decisions_waiting(user):
        title = pgettext_lazy("what waits for me", "Decide on applications: %(program)s")
        yield TaskItem(_filled(title, program), reverse("program_applications", args=[program.slug]), program.starts, count=count)


def _filled(title: Any, program: Any) -> str:
    return str(title % {"program": program.title})
