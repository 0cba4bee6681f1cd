"""Teams of hosts and coordinators of countries for the demonstration, where there are none."""

from collections.abc import Iterable
from random import Random

from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from accounts.domain.coordinators import current
from accounts.models import CoordinatorAppointment, User
from accounts.states import EDITING_ROLES, REVIEWING_ROLES, Role
from exchange.core.countries import Country
from exchange.core.models import History
from exchange.demo.names import name_person
from exchange.demo.people import DOMAIN, OWN_LANGUAGE
from exchange.reference.places import zone_of
from institutions.models import Institution, Membership
from institutions.states import InstitutionState

NOTE = "Demonstration data."


class Teams:
    """The accounts that review and decide at each institution."""

    def __init__(self) -> None:
        self.members: dict[int, dict[int, set[str]]] = {}
        rows = Membership.objects.filter(user__is_active=True).order_by("pk")
        for institution, user, role in rows.values_list("institution_id", "user_id", "role"):
            self.members.setdefault(institution, {}).setdefault(user, set()).add(role)

    def readers(self, institution: int) -> list[int]:
        """Accounts that may read applications."""
        return [user for user, roles in self.members.get(institution, {}).items() if roles & REVIEWING_ROLES]

    def deciders(self, institution: int) -> list[int]:
        return [user for user, roles in self.members.get(institution, {}).items() if roles & EDITING_ROLES]

    def decider(self, institution: int) -> int | None:
        """The first account that may decide."""
        return next(iter(self.deciders(institution)), None)


@transaction.atomic
def staff_hosts(institution_ids: Iterable[int] | None = None) -> Teams:
    """Give every institution (of `institution_ids`) without a team an owner, an editor and a reviewer, verified if it was not."""
    rows = Institution.objects.filter(memberships__isnull=True).order_by("slug")
    if institution_ids is not None:
        rows = rows.filter(pk__in=list(institution_ids))
    lonely = list(rows)
    password = make_password(None)
    accounts = [
        (place, role, _account(place, role, password)) for place in lonely for role in (Role.OWNER, Role.EDITOR, Role.REVIEWER)
    ]
    User.objects.bulk_create([account for _, _, account in accounts], batch_size=500)
    Membership.objects.bulk_create(
        [Membership(institution=place, user=account, role=role) for place, role, account in accounts], batch_size=500
    )
    _verify([place for place in lonely if place.state == InstitutionState.UNVERIFIED])
    return Teams()


def _verify(places: list[Institution]) -> None:
    kind = ContentType.objects.get_for_model(Institution)
    before, after = InstitutionState.UNVERIFIED, InstitutionState.VERIFIED
    Institution.objects.filter(pk__in=[place.pk for place in places]).update(state=after, state_since=timezone.now())
    History.objects.bulk_create(
        [
            History(content_type=kind, object_id=place.pk, transition="verify", before=before, after=after, note=NOTE)
            for place in places
        ]
    )


def _account(place: Institution, role: str, password: str) -> User:
    random = Random(f"{place.slug}:{role}")
    _woman, spellings = name_person(place.country, random)
    return User(
        email=f"{role}-{place.slug}@{DOMAIN}",
        name=spellings[0].short,
        language="en" if place.country == "US" else random.choice(["ru", "ru", OWN_LANGUAGE[place.country]]),
        time_zone=zone_of(place.country, place.city).key,
        password=password,
        is_demo=True,
    )


@transaction.atomic
def staff_countries() -> dict[str, list[int]]:
    """Give every country that has no coordinator today one; returns those who act for each."""
    found: dict[str, list[int]] = {country: [] for country in Country.values}
    rows = CoordinatorAppointment.objects.filter(current(), user__is_active=True).order_by("pk")
    for country, user in rows.values_list("country", "user_id"):
        found[country].append(user)
    for country in (country for country, people in found.items() if not people):
        _woman, spellings = name_person(country, Random(f"coordinator:{country}"))
        account, _made = User.objects.get_or_create(
            email=f"coordinator-{country.lower()}@{DOMAIN}",
            defaults={
                "name": spellings[0].short,
                "language": "en" if country == "US" else "ru",
                "time_zone": zone_of(country, "").key,
                "password": make_password(None),
                "is_demo": True,
            },
        )
        CoordinatorAppointment.objects.get_or_create(user=account, country=country, defaults={"starts": timezone.now().date()})
        found[country].append(account.pk)
    return found
