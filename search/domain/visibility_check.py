"""Final visibility check of hits before they are shown: the index may be a moment behind, this check reads the current rows."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects

from institutions.models import Institution
from profiles.domain.visibility import can_see_part
from profiles.models import ExpertProfile
from profiles.states import NameKind, Part
from programs.models import Program
from search.models import SearchKind

NOT_READ = {
    SearchKind.EXPERT: ("biography",),
    SearchKind.PROGRAM: (
        "description",
        "institution__description",
        "institution__facilities",
        "institution__source",
    ),
    SearchKind.INSTITUTION: ("description", "facilities", "source"),
}
"""Large columns that no card shows."""


def visible_rows(kind: str, user: Any, ids: Collection[int]) -> dict[int, Any]:
    """The rows of these ids that the reader may see now."""
    return {row.pk: row for row in _visible(SearchKind(kind), user).filter(pk__in=ids)} if ids else {}


def without_hidden_spellings(user: Any, profiles: Mapping[int, Any], spellings: Mapping[int, str]) -> dict[int, Any]:
    """Without profiles that were found by a spelling that is hidden by now; an empty spelling hides nothing."""
    other = [row for pk, row in profiles.items() if spellings[pk] not in {"", row.shown_name, row.latin_name}]
    prefetch_related_objects(other, "names")
    hidden = {row.pk for row in other if not _may_know(user, row, spellings[row.pk])}
    return {pk: row for pk, row in profiles.items() if pk not in hidden}


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
        rows = Program.objects.visible_to(user).filter(was_published=True).for_cards()
    else:
        rows = Institution.objects.visible_to(user).for_cards()
    return rows.defer(*NOT_READ[kind])


def _may_know(user: Any, profile: ExpertProfile, spelling: str) -> bool:
    parts = {
        Part.PASSPORT if name.kind == NameKind.PASSPORT else Part.OTHER_NAMES
        for name in profile.names.all()
        if name.full == spelling
    }
    return any(can_see_part(profile, part, user) for part in parts)
