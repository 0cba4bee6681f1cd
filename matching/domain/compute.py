"""Computes matches in jobs: one programme against every expert it may fit, or one expert against every open programme."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from exchange.core.jobs.cpu_lock import cpu_lock
from matching.models import Match
from matching.rules import LEVEL_FACTOR, PRIMARY_FACTOR, SECONDARY_FACTOR, HeldConcept, Person, Score, Wanted, weigh
from profiles.models import ExpertProfile
from profiles.models.experts import ERASED_NAME
from profiles.states import Audience, Part
from programs.domain.eligibility import candidate_of, criteria_of
from programs.models import Program
from programs.rules import Candidate, Criteria, requirements
from vocabulary.domain.vocabulary import vocabulary

BATCH, PAIRS = 500, 2_000
"""Profiles read at once, and pairs compared under one `cpu_lock`: about a second of work."""
PROGRAMS = 50
"""Programmes compared in one pass over the profiles."""
MIN_KEPT = 200
"""A match below this many points (of 1000) says nothing and is not stored."""
SEEN_BY_HOSTS = frozenset({Audience.EVERYONE, Audience.MEMBERS})


def match_program(program_id: int) -> int:
    """Compute this programme's matches again; those of a programme that is no longer open are deleted. Returns how many are stored."""
    program = _open_programs().filter(pk=program_id).first()
    if program is None:
        Match.objects.filter(program_id=program_id).delete()
        return 0
    started = timezone.now()
    kept = _compare([program], _people().filter(country__in=program.eligible_countries))
    Match.objects.filter(program_id=program_id, computed_at__lt=started).delete()
    return kept


def match_expert(expert_id: int) -> int:
    """Compute this person's matches with every open programme again. Returns how many are stored."""
    return match_experts([expert_id])


def match_experts(expert_ids: Sequence[int]) -> int:
    """As `match_expert`, for many at once: after an import. Returns how many are stored."""
    started = timezone.now()
    kept = _compare(list(_open_programs()), _people().filter(pk__in=expert_ids))
    Match.objects.filter(expert_id__in=expert_ids, computed_at__lt=started).delete()
    return kept


def match_everything() -> int:
    """Compute all matches: every open programme with every expert of its countries. After an import, and every night, because dates and recency change.

    Each person is read once for many programmes, because reading takes longer than comparing. Returns how many matches are stored.
    """
    Match.objects.exclude(program__in=Program.objects.open()).delete()
    keys = list(_open_programs().values_list("pk", flat=True))
    return sum(_match_programs(keys[first : first + PROGRAMS]) for first in range(0, len(keys), PROGRAMS))


def _match_programs(program_ids: Sequence[int]) -> int:
    """As `match_program`, for several open ones at once."""
    started = timezone.now()
    programs = list(_open_programs().filter(pk__in=program_ids))
    countries = {country for program in programs for country in program.eligible_countries}
    kept = _compare(programs, _people().filter(country__in=countries), own_countries=True)
    Match.objects.filter(program_id__in=program_ids, computed_at__lt=started).delete()
    return kept


def _open_programs() -> "QuerySet[Program]":
    rows: QuerySet[Program] = Program.objects.open()
    return rows.prefetch_related("concepts", "required_languages", "quotas").order_by("pk")


def _people() -> "QuerySet[ExpertProfile]":
    rows: QuerySet[ExpertProfile] = ExpertProfile.objects.filter(shown_name__gt="").exclude(shown_name=ERASED_NAME)
    return rows.prefetch_related("competences", "languages", "windows", "profile_fields").defer("biography")


@dataclass(frozen=True)
class Call:
    """A programme with the values that are compared, prepared once for all profiles."""

    program: Program
    wanted: Wanted
    criteria: Criteria


def _compare(programs: Sequence[Program], people: "QuerySet[ExpertProfile]", *, own_countries: bool = False) -> int:
    """Compare every profile with every programme, in batches, each under the `cpu_lock` that the long jobs of this process share.

    `own_countries` leaves out pairs in which the programme does not accept the person's country.
    """
    calls = [Call(program, wanted_of(program), criteria_of(program, taken={})) for program in programs]
    size = max(1, min(BATCH, PAIRS // max(1, len(calls))))
    last, kept = 0, 0
    while True:
        with cpu_lock:
            batch = list(people.filter(pk__gt=last).order_by("pk")[:size])
            if not batch:
                return kept
            kept += _store([match for profile in batch for match in _matches(profile, calls, own_countries=own_countries)])
        last = batch[-1].pk


def _matches(profile: ExpertProfile, calls: Sequence[Call], *, own_countries: bool) -> Iterable[Match]:
    """The matches of this profile that are stored."""
    person, candidate = person_of(profile), candidate_of(profile)
    for call in calls:
        if own_countries and candidate.country not in call.criteria.countries:
            continue
        match = _match(call, profile, person, candidate)
        if match is not None:
            yield match


def _match(call: Call, profile: ExpertProfile, person: Person, candidate: Candidate) -> Match | None:
    """The match to store, or None when its score is too low."""
    today = timezone.now().date()
    own = weigh(person, call.wanted, ancestors=vocabulary().ancestors, today=today)
    if own.points < MIN_KEPT:
        return None
    shown = _for_hosts(profile, call.wanted, own, today)
    found = requirements(call.criteria, candidate)
    return Match(
        expert=profile,
        program=call.program,
        score=own.points,
        parts=own.parts,
        missing=own.missing,
        eligible=not found,
        requirements=[finding.code for finding in found],
        host_score=shown.points,
        host_parts=shown.parts,
        host_missing=shown.missing,
        computed_at=timezone.now(),
    )


def _for_hosts(profile: ExpertProfile, wanted: Wanted, own: Score, today: datetime.date) -> Score:
    """The score from what members see of this profile: the same object when no part that counts is hidden."""
    hidden = {
        part for part in (Part.COMPETENCES, Part.LANGUAGES, Part.AVAILABILITY) if profile.audience_of(part) not in SEEN_BY_HOSTS
    }
    if not hidden:
        return own
    return weigh(person_of(profile, without=hidden), wanted, ancestors=vocabulary().ancestors, today=today)


def wanted_of(program: Program) -> Wanted:
    """The values of a programme that are scored; without concepts only the other parts count."""
    return Wanted(
        concepts=[concept.pk for concept in program.concepts.all()],
        languages={row.language: row.level for row in program.required_languages.all()},
        starts=program.starts,
        ends=program.ends,
        years=program.minimum_experience,
    )


def person_of(profile: ExpertProfile, *, without: "set[Any] | frozenset[Any]" = frozenset()) -> Person:
    """The values of a profile that are scored, without the parts named in `without`."""
    concepts = [
        HeldConcept(row.concept_id, PRIMARY_FACTOR if row.primary else SECONDARY_FACTOR) for row in profile.profile_fields.all()
    ]
    if Part.COMPETENCES not in without:
        for row in profile.competences.all():
            named = (row.technique_id, row.material_id, row.object_type_id)
            concepts += [HeldConcept(pk, LEVEL_FACTOR[row.level], row.level, row.last_year) for pk in named if pk is not None]
    return Person(
        concepts=concepts,
        languages={} if Part.LANGUAGES in without else {row.language: row.level for row in profile.languages.all()},
        windows=() if Part.AVAILABILITY in without else [(row.starts, row.ends) for row in profile.windows.all()],
        years=profile.experience_years,
    )


@transaction.atomic
def _store(matches: list[Match]) -> int:
    Match.objects.bulk_create(
        matches,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["expert", "program"],
        update_fields=[
            "score",
            "parts",
            "missing",
            "eligible",
            "requirements",
            "host_score",
            "host_parts",
            "host_missing",
            "computed_at",
        ],
    )
    return len(matches)
