"""Whom a conversation is with, for one of its participants: the people of the other side, named before what it is about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from messaging.models import Participant

NAMED = 2
"""So many people are named; the others are counted."""
EXPERT, COORDINATOR = "expert", "coordinator"


def name_list(names: Sequence[str]) -> str:
    """The first names and how many more there are: "Gulnora Karimova, Bek Osmonov +3"."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" +{more}" if more > 0 else "")


def other_people(participants: Iterable[Participant], user_id: int) -> str:
    """The people whom this participant talks with, from all current participants with their users; empty when nobody else is left.

    The expert for everybody else; for the expert the host's team. Coordinators, who read along, are named only where nobody else is.
    """
    sides: dict[str, list[str]] = defaultdict(list)
    for participant in sorted(participants, key=lambda one: (one.joined_at, one.pk)):
        if participant.user_id != user_id:
            sides[participant.capacity].append(participant.user.get_full_name())
    if sides[EXPERT]:
        return name_list(sides[EXPERT])
    first = [name for capacity, names in sides.items() if capacity != COORDINATOR for name in names]
    return name_list(first or sides[COORDINATOR])


def other_people_of(thread_ids: Iterable[int], user_id: int) -> dict[int, str]:
    """As `other_people`, for each of these threads; one query."""
    threads: dict[int, list[Participant]] = {pk: [] for pk in thread_ids}
    for participant in Participant.objects.filter(thread__in=threads, left_at__isnull=True).select_related("user"):
        threads[participant.thread_id].append(participant)
    return {pk: other_people(participants, user_id) for pk, participants in threads.items()}
