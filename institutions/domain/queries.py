"""Queries for the pages of this app."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from accounts.access import access_of
from accounts.models import User
from accounts.states import Role
from institutions.models import Institution, Membership, TeamInvitation
from institutions.states import InstitutionState


@dataclass
class TeamMember:
    """A member of a team with all their roles."""

    user: User
    roles: list[str] = field(default_factory=list)

    @property
    def role_labels(self) -> list[str]:
        return [str(Role(role).label) for role in Role.values if role in self.roles]


def team_of(institution: Institution) -> list[TeamMember]:
    """The team by name, in one query, without closed accounts."""
    rows = Membership.objects.filter(institution=institution, user__is_active=True).select_related("user").order_by("pk")
    members: dict[int, TeamMember] = {}
    for row in rows:
        members.setdefault(row.user_id, TeamMember(row.user)).roles.append(row.role)
    return sorted(members.values(), key=lambda member: (member.user.get_full_name().casefold(), member.user.pk))


def open_invitations(user: Any) -> "QuerySet[TeamInvitation]":
    """Open invitations to this account."""
    rows: QuerySet[TeamInvitation] = TeamInvitation.objects.for_addresses_of(user).select_related("institution", "invited_by")
    return rows


def invitations_of(institution: Institution) -> "QuerySet[TeamInvitation]":
    """Open invitations of a team, for those who manage it."""
    rows: QuerySet[TeamInvitation] = TeamInvitation.objects.open().filter(institution=institution).select_related("invited_by")
    return rows


def institutions_of(user: User) -> "QuerySet[Institution]":
    """The institutions in whose team an account is."""
    rows: QuerySet[Institution] = Institution.objects.filter(pk__in=user.access.institutions).defer("description", "facilities")
    return rows


def institutions_to_verify(user: Any) -> list[Institution]:
    """Unverified institutions with a team that this user may verify, longest waiting first."""
    access = access_of(user)
    if not access.countries:
        return []
    rows = Institution.objects.filter(
        state=InstitutionState.UNVERIFIED, country__in=access.countries, memberships__role=Role.OWNER
    ).exclude(pk__in=access.institutions)
    return list(rows.only("slug", "name", "state_since").order_by("state_since", "pk").distinct())


def team_ids(institution_id: int, roles: "Collection[str] | None" = None) -> list[int]:
    """Ids of the active accounts in the team of an institution, only those with one of `roles` when given; each once."""
    members = Membership.objects.filter(institution_id=institution_id, user__is_active=True)
    if roles is not None:
        members = members.filter(role__in=roles)
    return sorted(members.values_list("user_id", flat=True).distinct())
