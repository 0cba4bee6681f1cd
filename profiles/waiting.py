"""What waits for people: profiles to take over, merges to answer."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.standing import standing_of
from messaging.domain.waiting import WaitingItem, waiting_providers
from profiles.domain.claims import claims_for
from profiles.models import ProfileMerge
from profiles.notices import MERGE
from profiles.states import MergeState

CLAIM = gettext_lazy("A profile was created for you: %(name)s")


@waiting_providers.register()
def merges_waiting(user: Any) -> list[WaitingItem]:
    """Proposals that this person, or an institution or country they act for, has to answer."""
    standing = standing_of(user)
    rows = ProfileMerge.objects.visible_to(user).filter(state=MergeState.PROPOSED).exclude(kept_user=standing.user_id)
    return [
        WaitingItem(MERGE % {"name": row.kept.shown_name}, row.get_absolute_url())
        for row in rows.select_related("kept").order_by("pk")[:20]
    ]


@waiting_providers.register()
def claims_waiting(user: Any) -> list[WaitingItem]:
    return [WaitingItem(CLAIM % {"name": row.shown_name}, reverse("claim", args=[row.pk])) for row in claims_for(user)[:5]]
