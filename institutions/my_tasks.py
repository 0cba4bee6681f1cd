"""Tasks of this app: invitations, hand-overs, institutions to verify."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from institutions.domain.handovers import handovers_for
from institutions.domain.queries import institutions_to_verify, open_invitations
from institutions.notification_types import HANDOVER, INVITED
from messaging.domain.my_tasks import TaskItem, task_providers


@task_providers.register()
def handover_tasks(user: Any) -> list[TaskItem]:
    return [
        TaskItem(
            HANDOVER % {"institution": row.institution.name},
            reverse("institution_team", args=[row.institution.slug]),
            due=row.expires_at,
        )
        for row in handovers_for(user)
    ]


@task_providers.register()
def invitation_tasks(user: Any) -> list[TaskItem]:
    return [
        TaskItem(INVITED % {"institution": row.institution.name}, reverse("invitations"), due=row.expires_at)
        for row in open_invitations(user)
    ]


@task_providers.register()
def institution_tasks(user: Any) -> list[TaskItem]:
    """Institutions with a team of their own that the coordinators of their country have not verified yet."""
    return [
        TaskItem(gettext_lazy("Verify: %(institution)s") % {"institution": row.name}, row.get_absolute_url())
        for row in institutions_to_verify(user)
    ]
