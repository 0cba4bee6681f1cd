"""What the owner of a profile is likely to choose from a long list: what the profile names already, and what is near it."""

from collections.abc import Iterable
from typing import Any

from accounts.access import access_of
from institutions.models import Institution
from institutions.states import InstitutionState
from profiles.models import Competence, ExpertProfile
from profiles.models.experts import ProfileField
from vocabulary.domain.vocabulary import vocabulary


def likely_concepts(user: Any) -> Iterable[int]:
    """The concepts of the profile's fields and competences, then what is narrower than its fields. Two queries."""
    expert = access_of(user).expert_id
    if expert is None:
        return []
    fields = list(ProfileField.objects.filter(profile=expert).order_by("pk").values_list("concept_id", flat=True))
    rows = Competence.objects.filter(profile=expert).order_by("pk").values_list("technique_id", "material_id", "object_type_id")
    known = vocabulary()
    narrower = [pk for field in fields if field in known for pk in sorted(known.descendants(field))]
    return [*(pk for row in rows for pk in row if pk is not None), *fields, *narrower]


def likely_employers(user: Any) -> Iterable[int]:
    """Where the person works, then the verified institutions of the person's country. Two queries."""
    expert = access_of(user).expert_id
    profile = ExpertProfile.objects.filter(pk=expert).only("affiliation_id", "country").first() if expert else None
    if profile is None:
        return []
    near = Institution.objects.visible_to(user).filter(country=profile.country, state=InstitutionState.VERIFIED)
    return [*filter(None, [profile.affiliation_id]), *near.order_by("pk").values_list("pk", flat=True)]
