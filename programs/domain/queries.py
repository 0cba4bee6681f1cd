"""Queries for the pages of programmes, each in a constant number of queries."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from accounts.access import access_of
from accounts.states import EDITING_ROLES
from exchange.core.countries import Country
from institutions.models import Institution, Membership
from profiles.models import AvailabilityWindow, ExpertProfile, LanguageSkill
from programs.domain.eligibility import Eligibility, evaluate
from programs.domain.usage import applications_of, taken_by_country
from programs.models import CountryQuota, Program, RequiredLanguage
from programs.rules import Candidate, Criteria, Quota, may_edit, places_left
from programs.states import Modality, ProgramState


@dataclass(frozen=True)
class CountryPlaces:
    """One row of the table of places."""

    country: str
    kept: int
    most: int | None
    left: int

    @property
    def range(self) -> str:
        """How many places its experts may have: "1", "1–2", "≥ 1", "≤ 2"; a dash without a quota."""
        if self.most is None:
            return f"≥ {self.kept}" if self.kept else "–"
        if self.kept == self.most:
            return str(self.most)
        return f"{self.kept}–{self.most}" if self.kept else f"≤ {self.most}"


@dataclass(frozen=True)
class ProgramPageData:
    """The data of a programme's page."""

    program: Program
    languages: list[tuple[str, int]]
    concept_ids: list[int]
    places: list[CountryPlaces]
    eligibility: Eligibility | None = None
    """None for a reader without a profile, and for one who has applied: their own place would count against them."""
    applied: bool | None = None
    """Whether the reader has sent an application; False for a draft, None without one."""
    may_edit: bool = False
    in_team: bool = False
    has_other_role: bool = False
    """Whether the reader is a host, a coordinator or in the secretariat, so that no profile is asked for."""
    free: int = field(default=0)

    @property
    def has_quotas(self) -> bool:
        return any(row.kept or row.most is not None for row in self.places)


def program_page_data(user: Any, slug: str) -> ProgramPageData | None:
    """The page data of a visible programme, or None. Three queries: the programme, places taken, the reader's own facts."""
    program = _with_rows(Program.objects.visible_to(user)).filter(slug=slug).first()
    if program is None:
        return None
    access = access_of(user)
    languages = [(row["language"], row["level"]) for row in program.language_rows]
    quotas = {row["country"]: Quota(row["reserved"], row["most"]) for row in program.quota_rows}
    taken = taken_by_country(program.pk)
    left = {
        country: places_left(country, seats=program.seats, taken=taken, quotas=quotas) for country in program.eligible_countries
    }
    criteria = Criteria(
        countries=frozenset(program.eligible_countries),
        starts=program.starts,
        ends=program.ends,
        languages=tuple(languages),
        experience=program.minimum_experience,
        left=left,
        open=program.is_open,
        away=program.modality != Modality.ONLINE,
    )
    person = candidate_by_id(access.expert_id)
    return ProgramPageData(
        program=program,
        languages=languages,
        concept_ids=program.concept_ids,
        places=[
            CountryPlaces(code, quotas.get(code, Quota()).reserved, quotas.get(code, Quota()).most, left[code])
            for code in Country.values
            if code in left
        ],
        eligibility=evaluate(criteria, person) if person else None,
        may_edit=may_edit(user, program.institution_id),
        in_team=program.institution_id in access.institutions,
        has_other_role=bool(access.teams or access.countries or access.secretariat),
        free=max(0, program.seats - sum(taken.values())),
    )


def for_applicant(data: ProgramPageData, user: Any) -> ProgramPageData:
    """The same for the reader's own application, whose place would count against them: no eligibility once it was sent.

    One query for readers with a profile, none for others.
    """
    applied = applications_of(access_of(user).expert_id, [data.program.pk]).get(data.program.pk)
    return replace(data, applied=applied, eligibility=None if applied else data.eligibility)


def _with_rows(rows: "QuerySet[Program]") -> "QuerySet[Any]":
    """Programmes with their related rows, in one query: this is the most requested page."""
    own = {"program": OuterRef("pk")}
    return (
        rows.select_related("institution", "picture")
        .defer("institution__description", "institution__facilities", "institution__source")
        .annotate(
            language_rows=ArraySubquery(
                RequiredLanguage.objects.filter(**own).values(json=JSONObject(language="language", level="level"))
            ),
            quota_rows=ArraySubquery(
                CountryQuota.objects.filter(**own).values(json=JSONObject(country="country", reserved="reserved", most="most"))
            ),
            has_team=Exists(
                Membership.objects.filter(institution=OuterRef("institution"), role__in=EDITING_ROLES, user__is_active=True)
            ),
            concept_ids=ArraySubquery(
                Program.concepts.through._default_manager.filter(**own).order_by("pk").values("concept_id")  # noqa: SLF001 -- documented
            ),
        )
    )


def candidate_by_id(expert_id: int | None) -> Candidate | None:
    """The candidate facts of a profile, in one query; None without an id."""
    if expert_id is None:
        return None
    own = {"profile": OuterRef("pk")}
    row = (
        ExpertProfile.objects.filter(pk=expert_id)
        .annotate(
            spoken=ArraySubquery(LanguageSkill.objects.filter(**own).values(json=JSONObject(code="language", level="level"))),
            opens=ArraySubquery(AvailabilityWindow.objects.filter(**own).order_by("pk").values("starts")),
            shuts=ArraySubquery(AvailabilityWindow.objects.filter(**own).order_by("pk").values("ends")),
        )
        .values("country", "experience_years", "lead_time_days", "longest_stay_days", "spoken", "opens", "shuts")
        .first()
    )
    if row is None:
        return None
    return Candidate(
        country=row["country"],
        languages={skill["code"]: skill["level"] for skill in row["spoken"]},
        experience=row["experience_years"],
        windows=tuple(zip(row["opens"], row["shuts"], strict=True)),
        lead_days=row["lead_time_days"],
        longest_days=row["longest_stay_days"],
    )


def programs_of(institution: Institution, user: Any) -> list[Program]:
    """The programmes of one host that this reader may see, drafts first, then what is open, then by their start, latest first. One query."""
    rows = Program.objects.visible_to(user).filter(institution=institution).defer("description")
    order: dict[str, int] = {ProgramState.DRAFT: 0, ProgramState.PUBLISHED: 1}
    return sorted(rows.order_by("-starts", "-pk")[:200], key=lambda program: order.get(program.state, 2))


def section_counts(program: Program) -> dict[str, int]:
    """The number of rows in the list sections, in one query."""
    counts: dict[str, int] = Program.objects.filter(pk=program.pk).aggregate(
        topics=Count("concepts", distinct=True),
        questions=Count("questions", distinct=True),
        rubric=Count("criteria", distinct=True),
    )
    return counts


def edited_program(user: Any, slug: str) -> "QuerySet[Program]":
    """The programme with what its edit pages read, if this user may see it."""
    return Program.objects.visible_to(user).filter(slug=slug).select_related("institution", "picture")
