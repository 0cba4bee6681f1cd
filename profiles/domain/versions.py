"""What a section of a profile or of an institution said when somebody opened it, as a short mark: so that nobody undoes what was saved meanwhile."""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from profiles.domain.fact_sheet import SHEET_FIELDS
from profiles.domain.institutions import EDITABLE
from profiles.domain.profiles import WORK_FIELDS
from profiles.models import ExpertProfile, FactSheet, Institution

NAME_PARTS = ("kind", "language", "given", "family", "patronymic", "whole")
RECORD_PARTS = tuple(name for name in EDITABLE if name != "facilities")
"""The last of an institution's texts stands on its fact sheet."""
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

INSTITUTION_SECTIONS: dict[str, Callable[[Institution], Iterable[Any]]] = {
    "edit": lambda institution: [
        *Institution.objects.filter(pk=institution.pk).values_list(*RECORD_PARTS),
        *institution.fields.order_by("pk").values_list("pk"),
    ],
    "names": lambda institution: institution.names.values_list("text", "kind", "language").order_by("text"),
    "facts": lambda institution: [
        *Institution.objects.filter(pk=institution.pk).values_list("facilities"),
        *FactSheet.objects.filter(institution=institution).values_list(*SHEET_FIELDS),
    ],
}


def version_of(profile: ExpertProfile, section: str) -> str:
    """The mark of what the section says now; empty for a section that is not one form."""
    return _version(SECTIONS[section](profile)) if section in SECTIONS else ""


def institution_version(institution: Institution, section: str) -> str:
    """The mark of what this section of an institution says now: "edit", "names" or "facts"."""
    return _version(INSTITUTION_SECTIONS[section](institution))


def _version(rows: Iterable[Any]) -> str:
    text = json.dumps(list(rows), default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
