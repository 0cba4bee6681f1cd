"""Notifications about merges of profiles."""

from accounts.domain.coordinators import coordinator_ids
from accounts.states import EDITING_ROLES
from institutions.domain.queries import team_ids
from messaging.domain.notifications import notify
from profiles.models import ProfileMerge
from profiles.states import MergeState


def notify_of_merge(merge_id: int) -> None:
    """Notify the asked side of a proposal, and both sides of its outcome."""
    merge = ProfileMerge.objects.select_related("target").get(pk=merge_id)
    if merge.state == MergeState.PROPOSED:
        notify(_asked(merge), "merge_proposed", key=f"{merge.pk}", url=merge.get_absolute_url(), name=merge.target.shown_name)
    elif merge.state != MergeState.WITHDRAWN:
        people = sorted({merge.target_user_id, *_asked(merge)})
        key = f"{merge.pk}-{merge.state}"
        notify(people, "merge_answered", key=key, url=merge.get_absolute_url(), answer=merge.get_state_display())


def _asked(merge: ProfileMerge) -> list[int]:
    if merge.source_user_id is not None:
        return [merge.source_user_id]
    if merge.made_by_institution_id is not None:
        return team_ids(merge.made_by_institution_id, EDITING_ROLES)
    return coordinator_ids(merge.made_by_country)
