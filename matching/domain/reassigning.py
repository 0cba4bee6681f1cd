"""What belongs to a profile that becomes part of another, and back again."""

from typing import Any

from django.db.models import Exists, Q

from matching.models import DismissedConcept, Invitation, KnownMatch, MatchSettings, PersonChoice, ProgramChoice

# The key under which the ids are kept, the model, and what may be there once for each expert.
MOVED: dict[str, tuple[Any, str | None]] = {
    "invitations": (Invitation, "program"),
    "program_choices": (ProgramChoice, "program"),
    "person_choices": (PersonChoice, "program"),
    "known_matches": (KnownMatch, "program"),
    "dismissed_concepts": (DismissedConcept, "concept"),
    "match_settings": (MatchSettings, None),
}


def reassign_choices(source_id: int, target_id: int) -> dict[str, list[int]]:
    """Give the target the rows of the source that it has not itself; returns their ids, which `take_back_choices` needs."""
    moved = {}
    for key, (model, once) in MOVED.items():
        held = model.objects.filter(expert_id=target_id)
        taken = Q(**{f"{once}__in": held.values(once)}) if once else Q(Exists(held))
        ids = list(model.objects.filter(expert_id=source_id).exclude(taken).values_list("pk", flat=True))
        model.objects.filter(pk__in=ids).update(expert_id=target_id)
        moved[key] = ids
    return moved


def take_back_choices(source_id: int, target_id: int, moved: dict[str, Any]) -> None:
    """Give the source back what was moved, where the target still has it."""
    for key, (model, _once) in MOVED.items():
        model.objects.filter(pk__in=moved.get(key, []), expert_id=target_id).update(expert_id=source_id)
