"""Hats: one person may be an expert, act for institutions, coordinate countries; the hat that is on chooses the desk, never a permission."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import pgettext

from accounts.standing import Standing, standing_of
from accounts.states import Role
from exchange.core.components.names import country
from exchange.core.countries import Country
from institutions.models import Institution

SESSION_KEY = "hat"


@dataclass(frozen=True)
class Hat:
    """`key` is "expert", "host:<institution id>", "coordinator:<country>" or "secretariat"; `label` stands on the switcher."""

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


def hats_of(user: Any, chosen: str = "") -> list[Hat]:
    """All hats of a person, with the chosen one marked, or the first when that is not theirs (any more). Staff hats come first: work waits there."""
    standing = standing_of(user)
    rows = [*_coordinator_hats(standing), *_host_hats(standing)]
    if standing.secretariat:
        rows.insert(0, ("secretariat", pgettext("role", "Secretariat")))
    if standing.expert_id is not None:
        rows.append(("expert", pgettext("role", "Expert")))
    keys = {key for key, _label in rows}
    current = chosen if chosen in keys else next((key for key, _label in rows), "")
    return [Hat(key, label, key == current) for key, label in rows]


def current_hat(request: HttpRequest) -> Hat | None:
    """The hat of this session; None for a stranger and for an account that is nothing yet."""
    return next((hat for hat in hats_of_request(request) if hat.current), None)


def hats_of_request(request: HttpRequest) -> list[Hat]:
    """The hats of who asks, read once a request."""
    known: list[Hat] | None = getattr(request, "_hats", None)
    if known is None:
        known = hats_of(request.user, request.session.get(SESSION_KEY, "")) if request.user.is_authenticated else []
        request._hats = known  # type: ignore[attr-defined]  # noqa: SLF001 -- ours, kept on the request
    return known


def _coordinator_hats(standing: Standing) -> list[tuple[str, str]]:
    return [
        (
            f"coordinator:{code}",
            pgettext("role; a country's name comes first", "%(country)s · coordinator") % {"country": country(code, short=True)},
        )
        for code in Country.values
        if code in standing.countries
    ]


def _host_hats(standing: Standing) -> list[tuple[str, str]]:
    if not standing.teams:
        return []
    rows = Institution.objects.filter(pk__in=standing.institutions).only("pk", "name", "short_name")
    return sorted(
        ((f"host:{row.pk}", f"{row.short_name or row.name} · {_highest_role(standing.roles_in(row.pk))}") for row in rows),
        key=lambda hat: hat[1].casefold(),
    )


def _highest_role(roles: "frozenset[str]") -> str:
    return next((str(Role(role).label).lower() for role in Role.values if role in roles), "")
