"""Institutions that complement each other: what one asks for in its programmes and needs, and the experts of the other have."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from institutions.models import Institution
from matching.domain.people import SEEN_BY_HOSTS
from matching.domain.queries import audience_of_part
from matching.models import MatchSettings, Need
from profiles.models import Competence, ExpertProfile, ProfileField
from profiles.states import Part
from programs.models import Program
from programs.states import ProgramState
from vocabulary.domain.vocabulary import vocabulary

MAX_PARTNERS, MAX_LINES = 20, 8
ASKING = (ProgramState.DRAFT, ProgramState.PUBLISHED, ProgramState.CLOSED, ProgramState.DECIDED, ProgramState.RUNNING)


@dataclass(frozen=True)
class Shared:
    """A concept that one side asks for, and how many experts of the other have it or a narrower one."""

    concept: str
    experts: int


@dataclass(frozen=True)
class Partner:
    """An institution, what it has for us, and what we have for it; both by number of experts."""

    institution: Institution
    they_have: list[Shared]
    we_have: list[Shared]

    @property
    def concepts(self) -> int:
        return len(self.they_have) + len(self.we_have)


Holders = dict[int, dict[int, set[int]]]
"""By institution and held concept: the experts."""


def partners_of(institution: Institution, user: Any) -> list[Partner]:
    """Up to MAX_PARTNERS institutions of the register, those first that complement us both ways, then by the number of concepts.

    Of experts only what members see counts: their affiliation, fields and shown competences. Of other institutions only open programmes count;
    of our own also drafts and needs. Six queries, whatever the numbers.
    """
    ours = _asked_by_us(institution)
    theirs = _asked_by_others(institution, user)
    holders = _holders({*ours, *(pk for asked in theirs.values() for pk in asked)}, user)
    own = holders.pop(institution.pk, {})
    found = {}
    for pk in {*holders, *theirs}:
        they, we = _shared(ours, holders.get(pk, {})), _shared(theirs.get(pk, set()), own)
        if they or we:
            found[pk] = (they, we)
    best = sorted(found, key=lambda pk: (-bool(found[pk][0] and found[pk][1]), -sum(map(len, found[pk])), pk))
    rows = Institution.objects.visible_to(user).in_bulk(best[: 2 * MAX_PARTNERS])
    return [Partner(rows[pk], found[pk][0], found[pk][1]) for pk in best if pk in rows][:MAX_PARTNERS]


def _asked_by_us(institution: Institution) -> set[int]:
    asked = Program.concepts.through.objects.filter(program__institution=institution, program__state__in=ASKING)
    needed = Need.concepts.through.objects.filter(need__institution=institution, need__ends__gte=timezone.now().date())
    return set(asked.values_list("concept_id").union(needed.values_list("concept_id")).values_list("concept_id", flat=True))


def _asked_by_others(institution: Institution, user: Any) -> dict[int, set[int]]:
    """By institution: the concepts of its open programmes."""
    open_ones = Program.objects.visible_to(user).open().exclude(institution=institution)
    asked: dict[int, set[int]] = defaultdict(set)
    rows = Program.concepts.through.objects.filter(program__in=open_ones)
    for institution_id, concept_id in rows.values_list("program__institution_id", "concept_id"):
        asked[institution_id].add(concept_id)
    return asked


def _holders(asked: Collection[int], user: Any) -> Holders:
    """Who has one of these concepts or a narrower one, by institution and concept, in one query."""
    known = vocabulary()
    wanted = {narrower for pk in asked if pk in known for narrower in known.descendants(pk)} | set(asked)
    people = _shown_people(user)
    showing = people.filter(shown_competences__in=SEEN_BY_HOSTS)
    pieces: list[QuerySet[Any]] = [
        ProfileField.objects.filter(profile__in=people.values("pk"), concept_id__in=wanted)
        .annotate(which=F("concept_id"))
        .values_list("profile__affiliation_id", "which", "profile_id")
    ]
    for column in ("technique_id", "material_id", "object_type_id"):
        rows = Competence.objects.filter(profile__in=showing.values("pk"), **{f"{column}__in": wanted}).order_by()
        pieces.append(rows.annotate(which=F(column)).values_list("profile__affiliation_id", "which", "profile_id"))
    found: Holders = defaultdict(lambda: defaultdict(set))
    for institution_id, concept_id, expert_id in pieces[0].union(*pieces[1:]):
        found[institution_id][concept_id].add(expert_id)
    return found


def _shown_people(user: Any) -> "QuerySet[Any]":
    """Profiles whose affiliation members see, and who are proposed to hosts."""
    unproposed = MatchSettings.objects.filter(expert=OuterRef("pk"), proposed=False)
    rows = ExpertProfile.objects.visible_to(user).filter(~Exists(unproposed), affiliation__isnull=False)
    return rows.annotate(  # type: ignore[no-any-return]
        shown_affiliation=audience_of_part(Part.AFFILIATION, "audiences"),
        shown_competences=audience_of_part(Part.COMPETENCES, "audiences"),
    ).filter(shown_affiliation__in=SEEN_BY_HOSTS, audience__in=SEEN_BY_HOSTS)


def _shared(asked: Iterable[int], held: dict[int, set[int]]) -> list[Shared]:
    """The asked concepts that somebody has, the most frequent first."""
    known = vocabulary()
    found = []
    for pk in asked:
        if pk in known:
            experts = set().union(*(held.get(each, ()) for each in {pk, *known.descendants(pk)}))
            if experts:
                found.append(Shared(known.title(pk), len(experts)))
    return sorted(found, key=lambda shared: (-shared.experts, shared.concept))[:MAX_LINES]
