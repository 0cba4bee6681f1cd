"""What the pages of this app read."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from profiles.access import access_of
from profiles.models import ApiToken, Institution, Membership, TeamInvitation, User
from profiles.states import InstitutionState, Role


@dataclass
class TeamMember:
    """One person of a team with all their roles."""

    user: User
    roles: list[str] = field(default_factory=list)

    @property
    def role_labels(self) -> list[str]:
        return [str(Role(role).label) for role in Role.values if role in self.roles]


def team_of(institution: Institution) -> list[TeamMember]:
    """The team by name, in one query; closed accounts left out."""
    rows = Membership.objects.filter(institution=institution, user__is_active=True).select_related("user").order_by("pk")
    members: dict[int, TeamMember] = {}
    for row in rows:
        members.setdefault(row.user_id, TeamMember(row.user)).roles.append(row.role)
    return sorted(members.values(), key=lambda member: (member.user.get_full_name().casefold(), member.user.pk))


def open_invitations(user: Any) -> "QuerySet[TeamInvitation]":
    """Invitations to teams that wait for this account's answer."""
    rows: QuerySet[TeamInvitation] = TeamInvitation.objects.for_addresses_of(user).select_related("institution", "invited_by")
    return rows


def invitations_of(institution: Institution) -> "QuerySet[TeamInvitation]":
    """Open invitations of a team, for those who manage it."""
    rows: QuerySet[TeamInvitation] = TeamInvitation.objects.open().filter(institution=institution).select_related("invited_by")
    return rows


def tokens_of(user: User) -> "QuerySet[ApiToken]":
    """Living tokens of an account, newest first."""
    return ApiToken.objects.filter(user=user, revoked_at__isnull=True)


def institutions_of(user: User) -> "QuerySet[Institution]":
    """The institutions in whose team an account is."""
    rows: QuerySet[Institution] = Institution.objects.filter(pk__in=user.access.institutions).defer(
        "search", "description", "facilities"
    )
    return rows


def waiting_institutions(user: Any) -> list[Institution]:
    """Institutions with a team that wait to be verified by this person, longest first."""
    access = access_of(user)
    if not access.countries:
        return []
    rows = Institution.objects.filter(
        state=InstitutionState.UNVERIFIED, country__in=access.countries, memberships__role=Role.OWNER
    ).exclude(pk__in=access.institutions)
    return list(rows.only("slug", "name", "state_since").order_by("state_since", "pk").distinct())
