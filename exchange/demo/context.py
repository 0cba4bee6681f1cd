"""All experts, teams and coordinators of the demonstration in memory."""

import datetime
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from applications.models import Application
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
    """All seeded experts, in four queries."""
    by_main = {world.words.by_slug(occupation.main).id: occupation for occupation in OCCUPATIONS}
    rows = (
        ExpertProfile.objects.filter(user__email__startswith="expert-", user__email__endswith=f"@{DOMAIN}")
        .select_related("user")
        .prefetch_related("languages", "windows")
        .defer("search", "biography")
        .order_by("pk")
    )
    applicants = [
        Applicant(
            id=row.pk,
            user_id=row.user.pk,
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
    return DemoContext(world, teams, coordinators, applicants, quiet=frozenset(quiet))
