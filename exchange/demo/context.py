"""All experts, teams and coordinators of the demonstration in memory."""

import datetime
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from applications.models import Application
from exchange.demo.login_programs import PROGRAMS
from exchange.demo.occupations import OCCUPATIONS, Occupation
from exchange.demo.people import DOMAIN, World
from exchange.demo.staff import Teams
from partnerships.models import Agreement
from profiles.models import ExpertProfile
from programs.domain.eligibility import candidate_of
from programs.rules import Candidate


@dataclass(frozen=True)
class Applicant:
    """The data of an expert that applications are generated from."""

    id: int
    user_id: int
    email: str
    name: str
    language: str
    joined: datetime.datetime
    fields: frozenset[int]
    brings: Candidate
    occupation: Occupation
    affiliation_id: int | None


@dataclass
class DemoContext:
    """All users and institutions that demonstration programmes may involve."""

    world: World
    teams: Teams
    coordinators: dict[str, list[int]]
    applicants: list[Applicant]
    by_field: dict[int, list[Applicant]] = field(default_factory=dict)
    sent: Counter[int] = field(default_factory=Counter)
    agreements: dict[frozenset[int], Agreement] = field(default_factory=dict)
    guests: dict[str, list[tuple[Applicant, str]]] = field(default_factory=dict)
    """By slug of a programme: the logins that have applied there, and what they have done."""
    quiet: frozenset[str] = frozenset()
    """Hosts, by slug, that have not decided on any application yet."""

    def __post_init__(self) -> None:
        for applicant in self.applicants:
            for concept in applicant.fields:
                self.by_field.setdefault(concept, []).append(applicant)
        self.sent.update(Application.objects.filter(expert__is_demo=True).values_list("expert_id", flat=True))
        for agreement in Agreement.objects.valid_on(self.world.today):
            self.agreements[frozenset({agreement.first_id, agreement.second_id})] = agreement


def load_context(world: World, teams: Teams, coordinators: dict[str, list[int]], quiet: Collection[str] = ()) -> DemoContext:
    """All seeded experts and the logins among the experts, in seven queries."""
    seeded = ExpertProfile.objects.filter(user__email__startswith="expert-", user__email__endswith=f"@{DOMAIN}")
    return DemoContext(world, teams, coordinators, _applicants(seeded, world), guests=_guests(world), quiet=frozenset(quiet))


def _applicants(profiles: Any, world: World) -> list[Applicant]:
    by_main = {world.words.by_slug(occupation.main).id: occupation for occupation in OCCUPATIONS}
    rows = profiles.select_related("user").prefetch_related("languages", "windows").defer("biography").order_by("pk")
    return [
        Applicant(
            id=row.pk,
            user_id=row.user.pk,
            email=row.user.email,
            name=row.shown_name,
            language="ru" if row.user.language == "ru" else "en",
            joined=row.created_at,
            fields=frozenset(row.field_ids),
            brings=candidate_of(row),
            occupation=next((by_main[concept] for concept in row.field_ids if concept in by_main), OCCUPATIONS[0]),
            affiliation_id=row.affiliation_id,
        )
        for row in rows
        if row.user is not None
    ]


def _guests(world: World) -> dict[str, list[tuple[Applicant, str]]]:
    addresses = {f"{login}@{DOMAIN}" for own in PROGRAMS for login in own.stories}
    known = {guest.email: guest for guest in _applicants(ExpertProfile.objects.filter(user__email__in=addresses), world)}
    applied = set(Application.objects.filter(expert__user__email__in=addresses).values_list("program__slug", "expert__user__email"))
    return {
        own.slug: [
            (known[email], story)
            for email, story in ((f"{login}@{DOMAIN}", story) for login, story in own.stories.items())
            if email in known and (own.slug, email) not in applied
        ]
        for own in PROGRAMS
    }
