"""Tasks of this app: profiles to claim, merges to answer."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.access import access_of
from messaging.domain.my_tasks import TaskItem, task_providers
from profiles.domain.claims import claims_for
from profiles.models import ProfileMerge
from profiles.notification_types import MERGE
from profiles.states import MergeState

CLAIM = gettext_lazy("A profile was created for you: %(name)s")


@task_providers.register()
def merge_tasks(user: Any) -> list[TaskItem]:
    """Open merge proposals that this user, or an institution or country they act for, has to answer."""
    access = access_of(user)
    rows = ProfileMerge.objects.visible_to(user).filter(state=MergeState.PROPOSED).exclude(target_user=access.user_id)
    return [
        TaskItem(MERGE % {"name": row.target.shown_name}, row.get_absolute_url())
        for row in rows.select_related("target").order_by("pk")[:20]
    ]


@task_providers.register()
def claim_tasks(user: Any) -> list[TaskItem]:
    return [TaskItem(CLAIM % {"name": row.shown_name}, reverse("claim", args=[row.pk])) for row in claims_for(user)[:5]]
