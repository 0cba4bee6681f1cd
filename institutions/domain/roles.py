"""Active roles: an account may be an expert, act for institutions and coordinate countries; the current role selects the desk and grants no permission."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import pgettext

from accounts.access import UserAccess, access_of
from accounts.states import Role
from exchange.core.components.names import country
from exchange.core.countries import Country
from institutions.models import Institution

SESSION_KEY = "active_role"


@dataclass(frozen=True)
class ActiveRole:
    """`key` is "expert", "host:<institution id>", "coordinator:<country>" or "secretariat"; `label` is its text in the role menu."""

    key: str
    label: str
    current: bool = False

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]

    @property
    def subject(self) -> str:
        """The institution's id or the country's code."""
        return self.key.partition(":")[2]


def active_roles_of(user: Any, chosen: str = "") -> list[ActiveRole]:
    """All roles of a user; the chosen one is current, or the first when the user does not have it (any more). Staff roles come first."""
    access = access_of(user)
    rows = [*_coordinator_roles(access), *_host_roles(access)]
    if access.secretariat:
        rows.insert(0, ("secretariat", pgettext("role", "Secretariat")))
    if access.expert_id is not None:
        rows.append(("expert", pgettext("role", "Expert")))
    keys = {key for key, _label in rows}
    current = chosen if chosen in keys else next((key for key, _label in rows), "")
    return [ActiveRole(key, label, key == current) for key, label in rows]


def current_role(request: HttpRequest) -> ActiveRole | None:
    """The role of this session; None for an anonymous user and for an account without roles."""
    return next((active_role for active_role in active_roles_of_request(request) if active_role.current), None)


def active_roles_of_request(request: HttpRequest) -> list[ActiveRole]:
    """The roles of the request's user, read once a request."""
    known: list[ActiveRole] | None = getattr(request, "_active_roles", None)
    if known is None:
        known = active_roles_of(request.user, request.session.get(SESSION_KEY, "")) if request.user.is_authenticated else []
        request._active_roles = known  # type: ignore[attr-defined]  # noqa: SLF001 -- ours, kept on the request
    return known


def _coordinator_roles(access: UserAccess) -> list[tuple[str, str]]:
    return [
        (
            f"coordinator:{code}",
            pgettext("role; a country's name comes first", "%(country)s · coordinator") % {"country": country(code, short=True)},
        )
        for code in Country.values
        if code in access.countries
    ]


def _host_roles(access: UserAccess) -> list[tuple[str, str]]:
    if not access.teams:
        return []
    rows = Institution.objects.filter(pk__in=access.institutions).only("pk", "name", "short_name")
    return sorted(
        ((f"host:{row.pk}", f"{row.short_name or row.name} · {_highest_role(access.roles_in(row.pk))}") for row in rows),
        key=lambda active_role: active_role[1].casefold(),
    )


def _highest_role(roles: "frozenset[str]") -> str:
    return next((str(Role(role).label).lower() for role in Role.values if role in roles), "")
