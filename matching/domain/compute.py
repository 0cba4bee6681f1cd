"""Computing matches, in jobs: one programme against everybody it may fit, or one person against everything that is open."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from exchange.core.cpu_lock import cpu_lock
from matching.models import Match
from matching.rules import LEVEL_FACTOR, PRIMARY_FACTOR, SECONDARY_FACTOR, Held, Person, Score, Wanted, weigh
from profiles.domain.vocabulary import vocabulary
from profiles.models import ExpertProfile
from profiles.models.experts import ERASED_NAME
from profiles.states import Audience, Part
from programs.domain.eligibility import candidate_of, criteria_of
from programs.models import Program
from programs.rules import requirements

BATCH, PAIRS = 500, 2_000
"""People read at once, and pairs compared in one turn: about a second's work."""
MIN_KEPT = 200
"""A match below this many points (of 1000) is noise and is not stored."""
SEEN_BY_HOSTS = frozenset({Audience.EVERYONE, Audience.MEMBERS})


def match_program(program_id: int) -> int:
    """Compute this programme's matches anew; one that is no longer open keeps none. Returns how many are stored."""
    program = _open_programs().filter(pk=program_id).first()
    if program is None:
        Match.objects.filter(program_id=program_id).delete()
        return 0
    started = timezone.now()
    kept = _compare([program], _people().filter(country__in=program.eligible_countries))
    Match.objects.filter(program_id=program_id, computed_at__lt=started).delete()
    return kept


def match_expert(expert_id: int) -> int:
    """Compute this person's matches with every open programme anew. Returns how many are stored."""
    return match_experts([expert_id])


def match_experts(expert_ids: Sequence[int]) -> int:
    """As `match_expert`, for many at once: an import of people. Returns how many are stored."""
    started = timezone.now()
    kept = _compare(list(_open_programs()), _people().filter(pk__in=expert_ids))
    Match.objects.filter(expert_id__in=expert_ids, computed_at__lt=started).delete()
    return kept


def match_everything() -> int:
    """Every open programme, one after the other: after an import, and every night because dates and recency move on."""
    Match.objects.exclude(program__in=Program.objects.open()).delete()
    return sum(match_program(pk) for pk in _open_programs().values_list("pk", flat=True))


def _open_programs() -> "QuerySet[Program]":
    rows: QuerySet[Program] = Program.objects.open()
    return rows.prefetch_related("concepts", "required_languages", "quotas").order_by("pk")


def _people() -> "QuerySet[ExpertProfile]":
    rows: QuerySet[ExpertProfile] = ExpertProfile.objects.filter(shown_name__gt="").exclude(shown_name=ERASED_NAME)
    return rows.prefetch_related("competences", "languages", "windows", "profile_fields").defer("biography", "search")


def _compare(programs: Sequence[Program], people: "QuerySet[ExpertProfile]") -> int:
    """Compare everybody with every programme, some people at a time, each time in a turn among the long jobs of this process."""
    size = max(1, min(BATCH, PAIRS // max(1, len(programs))))
    last, kept = 0, 0
    while True:
        with cpu_lock:
            batch = list(people.filter(pk__gt=last).order_by("pk")[:size])
            if not batch:
                return kept
            kept += _store([match for person in batch for program in programs if (match := _match(program, person)) is not None])
        last = batch[-1].pk


def _match(program: Program, profile: ExpertProfile) -> Match | None:
    """The pair as a row to store; None when it is not worth one."""
    today = timezone.now().date()
    wanted = wanted_of(program)
    own = weigh(person_of(profile), wanted, ancestors=vocabulary().ancestors, today=today)
    if own.points < MIN_KEPT:
        return None
    shown = _for_hosts(profile, wanted, own, today)
    found = requirements(criteria_of(program, taken={}), candidate_of(profile))
    return Match(
        expert=profile,
        program=program,
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
    """The score from what members see of this profile: the same object when nothing weighed is hidden."""
    hidden = {
        part for part in (Part.COMPETENCES, Part.LANGUAGES, Part.AVAILABILITY) if profile.audience_of(part) not in SEEN_BY_HOSTS
    }
    if not hidden:
        return own
    return weigh(person_of(profile, without=hidden), wanted, ancestors=vocabulary().ancestors, today=today)


def wanted_of(program: Program) -> Wanted:
    """What of a programme is weighed; one that names no concept is weighed by nothing but the rest."""
    return Wanted(
        concepts=[concept.pk for concept in program.concepts.all()],
        languages={row.language: row.level for row in program.required_languages.all()},
        starts=program.starts,
        ends=program.ends,
        years=program.minimum_experience,
    )


def person_of(profile: ExpertProfile, *, without: "set[Any] | frozenset[Any]" = frozenset()) -> Person:
    """What of a profile is weighed, leaving out the parts named in `without`."""
    held = [Held(row.concept_id, PRIMARY_FACTOR if row.primary else SECONDARY_FACTOR) for row in profile.profile_fields.all()]
    if Part.COMPETENCES not in without:
        for row in profile.competences.all():
            named = (row.technique_id, row.material_id, row.object_type_id)
            held += [Held(pk, LEVEL_FACTOR[row.level], row.level, row.last_year) for pk in named if pk is not None]
    return Person(
        held=held,
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
