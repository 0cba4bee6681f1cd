"""Concepts read out of an expert's own text: shown to the expert, who confirms them into the profile or dismisses them for good.

The reading is that of the score: what is shown here is what counts there. What a text denies is not read. A concept that the profile declares already is not shown again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exchange.core.access import require
from exchange.core.errors import DomainError
from matching.domain.jobs import match_soon
from matching.domain.model import current_reader
from matching.domain.people import dismissed_concepts, texts_of
from matching.models import DismissedConcept
from profiles.domain.profiles import can_edit_profile, lock_profile, save_competences, save_fields
from profiles.domain.visibility import fields_in_order
from profiles.models import ExpertProfile
from profiles.states import SkillLevel
from vocabulary.domain.vocabulary import Term, vocabulary
from vocabulary.models import Scheme

COLUMN_OF_SCHEME = {
    Scheme.TECHNIQUE: "technique_id",
    Scheme.SKILL: "technique_id",
    Scheme.MATERIAL: "material_id",
    Scheme.OBJECT_TYPE: "object_type_id",
    Scheme.SITE_TYPE: "object_type_id",
}
"""The column of a competence for each scheme; concepts of other schemes become fields of work."""
ROW = ("technique_id", "material_id", "object_type_id", "level", "last_year", "evidence")


@dataclass(frozen=True)
class ReadConcept:
    """A concept, and the words of the text that name it."""

    term: Term
    words: str

    @property
    def becomes_field(self) -> bool:
        return self.term.scheme not in COLUMN_OF_SCHEME


def concepts_to_confirm(profile: ExpertProfile) -> list[ReadConcept]:
    """What the headline and the biography name, in the order of the text, without what is declared or dismissed already."""
    known, declared = vocabulary(), _declared(profile)
    found: dict[int, ReadConcept] = {}
    for key, words in current_reader().places(texts_of(profile)):
        pk = int(str(key))
        if pk not in declared and pk in known:
            found.setdefault(pk, ReadConcept(known.concept(pk), words))
    dismissed = dismissed_concepts([profile.pk]).get(profile.pk, frozenset()) if found else frozenset()
    return [read for pk, read in found.items() if pk not in dismissed]


def _declared(profile: ExpertProfile) -> set[int]:
    declared = {row.concept_id for row in profile.profile_fields.all()}
    for row in profile.competences.all():
        declared |= {pk for pk in (row.technique_id, row.material_id, row.object_type_id) if pk is not None}
    return declared


def dismissed_terms(profile: ExpertProfile) -> list[Term]:
    """The concepts this expert dismissed, the latest first."""
    known = vocabulary()
    rows = DismissedConcept.objects.filter(expert=profile).order_by("-pk").values_list("concept_id", flat=True)
    return [known.concept(pk) for pk in rows if pk in known]


@transaction.atomic
def confirm_concept(profile: ExpertProfile, concept_id: int, *, by: User) -> None:
    """Add a concept of the text to the profile: as a secondary field, or as a competence of its own that the expert practises.

    Refuses other people's profiles; raises DomainError for a concept that the text does not name, or when there are too many rows.
    """
    locked = lock_profile(profile, by)
    term = next((read.term for read in concepts_to_confirm(locked) if read.term.id == concept_id), None)
    if term is None:
        raise DomainError(_("Your text does not name this, or it is in your profile already."), code="not-read", status=404)
    column = COLUMN_OF_SCHEME.get(Scheme(term.scheme))
    if column is None:
        rows = [(row.concept_id, row.primary) for row in fields_in_order(locked)]
        save_fields(locked, [*rows, (concept_id, False)], by=by)
    else:
        save_competences(locked, [*_rows(locked), {column: concept_id, "level": SkillLevel.PRACTISES}], by=by)


def _rows(profile: ExpertProfile) -> Iterable[dict[str, Any]]:
    return profile.competences.order_by("pk").values(*ROW)  # type: ignore[no-any-return]


@transaction.atomic
def dismiss_concept(profile: ExpertProfile, concept_id: int, *, by: User) -> None:
    """Never read this concept out of the expert's text again; the matches are computed again. Refuses other people's profiles."""
    require(can_edit_profile(by, profile))
    if concept_id not in vocabulary():
        raise DomainError(_("One of these is no longer in the vocabulary. Choose again."), code="unknown", status=404)
    _row, made = DismissedConcept.objects.get_or_create(expert=profile, concept_id=concept_id)
    if made:
        match_soon(profile.pk)


@transaction.atomic
def restore_concept(profile: ExpertProfile, concept_id: int, *, by: User) -> None:
    """Read a dismissed concept again. Refuses other people's profiles; a second time changes nothing."""
    require(can_edit_profile(by, profile))
    deleted, _rows_by_model = DismissedConcept.objects.filter(expert=profile, concept_id=concept_id).delete()
    if deleted:
        match_soon(profile.pk)
