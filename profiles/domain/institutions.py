"""Institutions and their teams: reading who belongs, and every change to them."""

from collections.abc import Collection

from profiles.models import Membership


def team_ids(institution_id: int, roles: "Collection[str] | None" = None) -> list[int]:
    """Accounts in the team of an institution, those with one of `roles` when given; each once, deactivated ones left out."""
    members = Membership.objects.filter(institution_id=institution_id, user__is_active=True)
    if roles is not None:
        members = members.filter(role__in=roles)
    return sorted(members.values_list("user_id", flat=True).distinct())
