"""Final visibility check of hits before they are shown: the index may be a moment behind, this check reads the current rows."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import prefetch_related_objects

from institutions.models import Institution
from profiles.domain.visibility import can_see_part
from profiles.models import ExpertProfile
from profiles.states import NameKind, Part
from programs.models import Program
from search.models import SearchKind


def still_visible(kind: str, user: Any, spellings: Mapping[int, str]) -> dict[int, str]:
    """Of these ids, each with the spelling it was found by, those the reader may see now, with their shown names."""
    return _VISIBLE[SearchKind(kind)](user, spellings)


def _visible_experts(user: Any, spellings: Mapping[int, str]) -> dict[int, str]:
    """Shown names by id. Leaves out profiles found by a spelling that has been hidden since."""
    rows = ExpertProfile.objects.visible_to(user).filter(pk__in=spellings, shown_name__gt="")
    fields = ("user_id", "audience", "audiences", "shown_name", "latin_name")
    profiles = list(rows.only(*fields))
    other = [profile for profile in profiles if spellings[profile.pk] not in {"", profile.shown_name, profile.latin_name}]
    prefetch_related_objects(other, "names")
    hidden = {profile.pk for profile in other if not _may_know(user, profile, spellings[profile.pk])}
    return {profile.pk: str(profile) for profile in profiles if profile.pk not in hidden}


def _may_know(user: Any, profile: ExpertProfile, spelling: str) -> bool:
    parts = {
        Part.PASSPORT if name.kind == NameKind.PASSPORT else Part.OTHER_NAMES
        for name in profile.names.all()
        if name.full == spelling
    }
    return any(can_see_part(profile, part, user) for part in parts)


def _visible_programs(user: Any, spellings: Mapping[int, str]) -> dict[int, str]:
    rows = Program.objects.visible_to(user).filter(pk__in=spellings, was_published=True).only("title")
    return {program.pk: str(program.title) for program in rows}


def _visible_institutions(user: Any, spellings: Mapping[int, str]) -> dict[int, str]:
    rows = Institution.objects.visible_to(user).filter(pk__in=spellings).only("name")
    return {institution.pk: str(institution.name) for institution in rows}


_VISIBLE: dict[SearchKind, Callable[[Any, Mapping[int, str]], dict[int, str]]] = {
    SearchKind.EXPERT: _visible_experts,
    SearchKind.PROGRAM: _visible_programs,
    SearchKind.INSTITUTION: _visible_institutions,
}
