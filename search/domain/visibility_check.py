"""Final visibility check of hits before they are shown: the index may be a moment behind, this check reads the current rows."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects

from institutions.models import Institution
from profiles.domain.visibility import can_see_part
from profiles.models import ExpertProfile
from profiles.states import NameKind, Part
from programs.models import Program
from search.models import SearchKind

NOT_READ = {
    SearchKind.EXPERT: ("biography", "search"),
    SearchKind.PROGRAM: (
        "description",
        "search",
        "institution__description",
        "institution__facilities",
        "institution__source",
        "institution__search",
    ),
    SearchKind.INSTITUTION: ("description", "facilities", "source", "search"),
}
"""Large columns that no card shows."""


def still_visible(kind: str, user: Any, spellings: Mapping[int, str]) -> dict[int, Any]:
    """Of these ids, each with the spelling it was found by, the rows of those the reader may see now."""
    if not spellings:
        return {}
    rows: dict[int, Any] = {row.pk: row for row in _visible(SearchKind(kind), user).filter(pk__in=spellings)}
    return _found_by_what_is_shown(user, rows, spellings) if kind == SearchKind.EXPERT else rows


def shown_name(kind: str, subject: Any) -> str:
    """The name under which a result is listed."""
    if kind == SearchKind.EXPERT:
        return str(subject)
    return str(subject.title if kind == SearchKind.PROGRAM else subject.name)


def _visible(kind: SearchKind, user: Any) -> QuerySet[Any]:
    rows: QuerySet[Any]
    if kind == SearchKind.EXPERT:
        rows = ExpertProfile.objects.visible_to(user).filter(shown_name__gt="")
    elif kind == SearchKind.PROGRAM:
        rows = Program.objects.visible_to(user).filter(was_published=True).select_related("institution")
    else:
        rows = Institution.objects.visible_to(user)
    return rows.defer(*NOT_READ[kind])


def _found_by_what_is_shown(user: Any, profiles: Mapping[int, Any], spellings: Mapping[int, str]) -> dict[int, Any]:
    """Without profiles that were found by a spelling that is hidden by now."""
    other = [row for pk, row in profiles.items() if spellings[pk] not in {"", row.shown_name, row.latin_name}]
    prefetch_related_objects(other, "names")
    hidden = {row.pk for row in other if not _may_know(user, row, spellings[row.pk])}
    return {pk: row for pk, row in profiles.items() if pk not in hidden}


def _may_know(user: Any, profile: ExpertProfile, spelling: str) -> bool:
    parts = {
        Part.PASSPORT if name.kind == NameKind.PASSPORT else Part.OTHER_NAMES
        for name in profile.names.all()
        if name.full == spelling
    }
    return any(can_see_part(profile, part, user) for part in parts)
