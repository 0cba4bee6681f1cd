"""What a section of a profile or of an institution said when somebody opened it, as a short mark: so that nobody undoes what was saved meanwhile."""

from collections.abc import Callable, Iterable
from typing import Any

from exchange.core.marks import mark_rows
from profiles.domain.profiles import WORK_FIELDS
from profiles.models import ExpertProfile

NAME_PARTS = ("kind", "language", "given", "family", "patronymic", "whole")
COMPETENCE_PARTS = ("material_id", "object_type_id", "technique_id", "level", "last_year", "evidence")

SECTIONS: dict[str, Callable[[ExpertProfile], Iterable[Any]]] = {
    "names": lambda profile: profile.names.values_list(*NAME_PARTS).order_by(*NAME_PARTS),
    "work": lambda profile: ExpertProfile.objects.filter(pk=profile.pk).values_list(*WORK_FIELDS),
    "competences": lambda profile: [
        *profile.profile_fields.values_list("concept_id", "primary").order_by("concept_id"),
        *profile.competences.values_list(*COMPETENCE_PARTS).order_by(*COMPETENCE_PARTS),
    ],
    "languages": lambda profile: profile.languages.values_list("language", "level", "can_teach").order_by("language"),
    "availability": lambda profile: [
        *ExpertProfile.objects.filter(pk=profile.pk).values_list("lead_time_days", "longest_stay_weeks"),
        *profile.windows.values_list("starts", "ends"),
    ],
    "visibility": lambda profile: ExpertProfile.objects.filter(pk=profile.pk).values_list("audience", "audiences"),
    "career": lambda profile: [
        *profile.positions.values_list("title", "institution_id", "place", "starts", "ends"),
        *profile.education.values_list("degree", "institution_id", "place", "year"),
        *profile.accreditations.values_list("title", "body", "number", "expires"),
    ],
}


def mark_of(profile: ExpertProfile, section: str) -> str:
    """The mark of what the section says now; empty for a section that is not one form."""
    return mark_rows(SECTIONS[section](profile)) if section in SECTIONS else ""
