"""People as matching reads them: who takes part, the values of a profile for the person and for hosts, and the stored vectors."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from django.db.models import QuerySet
from django.utils import timezone

from matching.domain.model import ModelInForce
from matching.models import DismissedConcept, MatchSettings, PersonVector
from matching.scoring import Model, Person, Row
from matching.scoring.evidence import Held
from matching.scoring.parts import Known
from matching.scoring.tables import EPOCH, People, Registers, day, facts_table, freshness
from profiles.models import ExpertProfile
from profiles.models.experts import ERASED_NAME
from profiles.states import Audience, Part

SEEN_BY_HOSTS = frozenset({Audience.EVERYONE, Audience.MEMBERS})
HIDING = (Part.COMPETENCES, Part.LANGUAGES, Part.AVAILABILITY, Part.BIOGRAPHY, Part.AFFILIATION)
"""Parts that a score depends on and that a person can hide."""


def proposed_people() -> "QuerySet[ExpertProfile]":
    """Profiles that take part in matching."""
    rows: QuerySet[ExpertProfile] = ExpertProfile.objects.filter(shown_name__gt="", merged_into__isnull=True)
    return rows.exclude(shown_name=ERASED_NAME)


def hidden_parts(profile: ExpertProfile) -> frozenset[str]:
    """The parts that count in a score and that members do not see."""
    return frozenset(part for part in HIDING if profile.audience_of(part) not in SEEN_BY_HOSTS)


def person_of(profile: ExpertProfile, *, without: Collection[str] = (), dismissed: frozenset[int] = frozenset()) -> Person:
    """The values of a profile that are compared, without the parts named in `without`. Reads only what `proposed_people` prefetches."""
    free = Part.AVAILABILITY not in without
    rows = [] if Part.COMPETENCES in without else [_row(row) for row in profile.competences.all()]
    return Person(
        country=profile.country,
        institution=None if Part.AFFILIATION in without else profile.affiliation_id,
        primary=[row.concept_id for row in profile.profile_fields.all() if row.primary],
        secondary=[row.concept_id for row in profile.profile_fields.all() if not row.primary],
        rows=rows,
        languages={} if Part.LANGUAGES in without else {row.language: row.level for row in profile.languages.all()},
        windows=[(row.starts, row.ends) for row in profile.windows.all()] if free else [],
        lead_days=profile.lead_time_days if free else 0,
        longest_days=profile.longest_stay_days if free else None,
        years=profile.experience_years,
        texts=texts_of(profile, without=without),
        dismissed=dismissed,
        silent=Part.LANGUAGES in without,
    )


def texts_of(profile: ExpertProfile, *, without: Collection[str] = ()) -> list[tuple[str, str]]:
    """The texts that are read for concepts, with their languages. The headline has no language of its own."""
    texts = [(profile.headline, "")] if profile.headline else []
    if profile.biography and Part.BIOGRAPHY not in without:
        texts.append((profile.biography, profile.biography_language))
    return texts


def _row(row: Any) -> Row:
    named = (row.material_id, row.object_type_id, row.technique_id)
    return Row(tuple(pk for pk in named if pk is not None), row.level, row.last_year)


@dataclass(frozen=True)
class KnownPerson:
    """A person as they see themselves, and as hosts may; the same object when nothing is hidden."""

    expert_id: int
    own: Known
    host: Known
    floor: int = 0


def compute_people(profiles: Iterable[ExpertProfile], force: ModelInForce, today: date) -> list[KnownPerson]:
    """From profiles with everything prefetched (`with_everything`). Writes nothing. Of people who are not proposed to hosts these know nothing."""
    profiles = list(profiles)
    ids = [profile.pk for profile in profiles]
    dismissed = dismissed_concepts(ids)
    unproposed = set(MatchSettings.objects.filter(expert__in=ids, proposed=False).values_list("expert_id", flat=True))
    nobody = _known(force.model, Person(), today)
    found = []
    for profile in profiles:
        wrong = dismissed.get(profile.pk, frozenset())
        own = _known(force.model, person_of(profile, dismissed=wrong), today)
        hidden = hidden_parts(profile)
        host = _known(force.model, person_of(profile, without=hidden, dismissed=wrong), today) if hidden else own
        found.append(KnownPerson(profile.pk, own, nobody if profile.pk in unproposed else host))
    return found


def dismissed_concepts(expert_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The concepts that each of these experts said were read wrongly out of their texts, in one query; experts without any are not in the answer."""
    found: dict[int, set[int]] = {}
    rows = DismissedConcept.objects.filter(expert__in=expert_ids)
    for expert_id, concept_id in rows.values_list("expert_id", "concept_id"):
        found.setdefault(expert_id, set()).add(concept_id)
    return {expert_id: frozenset(concepts) for expert_id, concepts in found.items()}


def with_everything(rows: "QuerySet[ExpertProfile]") -> "QuerySet[ExpertProfile]":
    """Prefetch what `person_of` reads."""
    return rows.prefetch_related("competences", "languages", "windows", "profile_fields").order_by("pk")


def store_people(people: Sequence[KnownPerson], force: ModelInForce) -> None:
    """Store their vectors, with the floors that they have."""
    now = timezone.now()
    rows = []
    for one in people:
        hidden = one.host is not one.own
        rows.append(
            PersonVector(
                expert_id=one.expert_id,
                stamp=force.stamp,
                own=_facts(one.own),
                own_evidence=_evidence(one.own),
                own_vector=_vector(one.own),
                host=_facts(one.host) if hidden else None,
                host_evidence=_evidence(one.host) if hidden else None,
                host_vector=_vector(one.host) if hidden else None,
                floor=one.floor,
                computed_at=now,
            )
        )
    PersonVector.objects.bulk_create(rows, batch_size=500, update_conflicts=True, unique_fields=["expert"], update_fields=STORED)


STORED = ["stamp", "own", "own_evidence", "own_vector", "host", "host_evidence", "host_vector", "floor", "computed_at"]


def people_of_vectors(rows: Iterable[PersonVector], *, explained: bool) -> list[KnownPerson]:
    """From stored vectors, without reading a profile; with the evidence only where pairs are to be `explained`."""
    found = []
    for row in rows:
        own = _unpacked(row.own, row.own_vector, row.own_evidence if explained else [])
        host = own if row.host is None else _unpacked(row.host, row.host_vector, row.host_evidence if explained else [])
        found.append(KnownPerson(row.expert_id, own, host, row.floor))
    return found


def table_of(known: Sequence[Known], concepts: int, registers: Registers) -> People:
    """The arrays of these people."""
    vectors = np.zeros((concepts, len(known)), dtype=np.uint8)
    if known:
        vectors = np.ascontiguousarray(np.array([one.vector for one in known], dtype=np.uint8).T)
    return facts_table(vectors, [one.person for one in known], registers, [one.fresh for one in known])


def _known(model: Model, person: Person, today: date) -> Known:
    held = model.evidence(person, today)
    vector, best = model.best(held)
    return Known(person, held, vector, best, freshness(person, today))


def _facts(known: Known) -> dict[str, Any]:
    person = known.person
    return {
        "country": person.country,
        "institution": person.institution,
        "languages": dict(person.languages),
        "windows": [[day(starts), day(ends)] for starts, ends in person.windows],
        "lead": person.lead_days,
        "longest": person.longest_days,
        "years": person.years,
        "silent": person.silent,
        "fresh": known.fresh,
    }


def _evidence(known: Known) -> list[list[Any]]:
    return [[one.concept, one.source, one.named, one.level, one.year] for one in known.held]


def _vector(known: Known) -> bytes:
    """The vector, then the places of its evidence."""
    return known.vector.tobytes() + known.best.tobytes()


def _unpacked(facts: dict[str, Any], packed: Any, held: list[list[Any]]) -> Known:
    both = np.frombuffer(bytes(packed), dtype=np.uint8)
    half = len(both) // 2
    person = Person(
        country=facts["country"],
        institution=facts["institution"],
        languages=facts["languages"],
        windows=[(_day(first), _day(last)) for first, last in facts["windows"]],
        lead_days=facts["lead"],
        longest_days=facts["longest"],
        years=facts["years"],
        silent=facts["silent"],
    )
    evidence = [Held(concept, 0.0, source, named, level, year) for concept, source, named, level, year in held]
    return Known(person, evidence, both[:half], both[half:], facts["fresh"])


def _day(number: int) -> date:
    return date.fromordinal(EPOCH.toordinal() + number)


def with_floors(people: Sequence[KnownPerson], floors: Sequence[int]) -> list[KnownPerson]:
    """The same people with new floors."""
    return [replace(one, floor=int(floor)) for one, floor in zip(people, floors, strict=True)]
