"""Versions of the sections of a profile, for the optimistic lock."""

from collections.abc import Callable, Iterable
from typing import Any

from exchange.core.versions import version_of_rows
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
        *ExpertProfile.objects.filter(pk=profile.pk).values_list("lead_time_days", "longest_stay_days"),
        *profile.windows.values_list("starts", "ends"),
    ],
    "visibility": lambda profile: ExpertProfile.objects.filter(pk=profile.pk).values_list("audience", "audiences"),
    "career": lambda profile: [
        *profile.positions.values_list("title", "institution_id", "place", "starts", "ends"),
        *profile.education.values_list("degree", "institution_id", "place", "year"),
        *profile.accreditations.values_list("title", "body", "number", "expires"),
    ],
}


def section_version(profile: ExpertProfile, section: str) -> str:
    """The stored version of a section; empty for a section without a form of its own."""
    return version_of_rows(SECTIONS[section](profile)) if section in SECTIONS else ""
