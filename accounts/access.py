"""The access of an account: its expert profile, team roles and countries, from which all permissions follow. Reads the tables by name."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.states import EDITING_ROLES, REGISTERING_ROLES, REVIEWING_ROLES


@dataclass(frozen=True)
class UserAccess:
    """The access of one user. Ids only, so that it can be compared and cached."""

    user_id: int | None = None
    expert_id: int | None = None
    teams: dict[int, frozenset[str]] = field(default_factory=dict)
    """Roles by institution id."""
    countries: frozenset[str] = frozenset()
    """Countries this user coordinates today, as appointee or deputy."""
    secretariat: bool = False

    @property
    def is_member(self) -> bool:
        """Whether the user is an expert, team member, coordinator or in the secretariat: such users see what is open to "members"."""
        return self.user_id is not None

    @property
    def is_coordinator(self) -> bool:
        return bool(self.countries)

    @property
    def institutions(self) -> frozenset[int]:
        return frozenset(self.teams)

    @property
    def edited_institutions(self) -> frozenset[int]:
        """Institutions for which this user may publish programmes and decide on applications."""
        return self.institutions_with(EDITING_ROLES)

    @property
    def reviewed_institutions(self) -> frozenset[int]:
        """Institutions whose applications this user may read and score."""
        return self.institutions_with(REVIEWING_ROLES)

    @property
    def registering_institutions(self) -> frozenset[int]:
        """Institutions whose signed agreements this user may enter in the register."""
        return self.institutions_with(REGISTERING_ROLES)

    def institutions_with(self, roles: "frozenset[Any]") -> frozenset[int]:
        return frozenset(pk for pk, held in self.teams.items() if held & roles)

    def roles_in(self, institution_id: int) -> frozenset[str]:
        return self.teams.get(institution_id, frozenset())


ANONYMOUS_ACCESS = UserAccess()


def access_of(user: Any) -> UserAccess:
    """The access of an account, in one query, cached on the instance; ANONYMOUS_ACCESS for an anonymous user or a deactivated account."""
    if user is None or not user.is_authenticated or not user.is_active:
        return ANONYMOUS_ACCESS
    known: UserAccess | None = user.__dict__.get("_access")
    if known is None:
        known = user.__dict__["_access"] = _load_access(user)
    return known


def forget_access(user: Any) -> None:
    """Drop the cached access: called by actions that change it."""
    user.__dict__.pop("_access", None)


# One query instead of three, because every page of a logged-in user needs it.
ACCESS_SQL = """
SELECT 'team', institution_id, role FROM institutions_membership WHERE user_id = %(user)s
UNION ALL SELECT 'country', 0, country FROM accounts_coordinatorappointment
    WHERE user_id = %(user)s AND starts <= %(today)s AND (ends IS NULL OR ends >= %(today)s)
UNION ALL SELECT 'expert', id, '' FROM profiles_expertprofile WHERE user_id = %(user)s
"""


def _load_access(user: Any) -> UserAccess:
    with connection.cursor() as cursor:
        cursor.execute(ACCESS_SQL, {"user": user.pk, "today": timezone.now().date()})
        rows = cursor.fetchall()
    teams: dict[int, set[str]] = {}
    for kind, pk, role in rows:
        if kind == "team":
            teams.setdefault(pk, set()).add(role)
    return UserAccess(
        user_id=user.pk,
        expert_id=next((pk for kind, pk, _ in rows if kind == "expert"), None),
        teams={pk: frozenset(roles) for pk, roles in teams.items()},
        countries=frozenset(country for kind, _, country in rows if kind == "country"),
        secretariat=user.is_secretariat,
    )
