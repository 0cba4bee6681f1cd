"""What belongs to messages beside their text: files, reactions, the message each answers. Asked for only where a message has any."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects

from messaging.models import Message, Reaction
from messaging.rules import SIGNS

QUOTED_LENGTH = 140


@dataclass(frozen=True)
class ReactionCount:
    """A sign under a message: how many put it there, their names, and whether the reader did."""

    sign: str
    count: int
    names: str
    mine: bool


def with_parts(rows: Iterable[Message]) -> list[Message]:
    """The messages of one thread with their parts; one query for each kind of part that any of them has."""
    found = list(rows)
    prefetch_related_objects([message for message in found if message.data.get("files")], "attachments")
    reactions = Prefetch("reactions", Reaction.objects.select_related("user").order_by("pk"))
    prefetch_related_objects([message for message in found if message.data.get("reactions")], reactions)
    answering = [message for message in found if message.data.get("reply")]
    if answering:
        numbers = {message.data["reply"] for message in answering}
        asked = Message.objects.filter(thread_id=answering[0].thread_id, number__in=numbers).select_related("author")
        by_number = {message.number: message for message in asked}
        for message in answering:
            message.quoted = by_number.get(message.data["reply"])
    return found


def reaction_counts(message: Message, user_id: int) -> list[ReactionCount]:
    """The signs under a message, in the order of SIGNS."""
    if not message.data.get("reactions"):
        return []
    rows = list(message.reactions.all())
    found = []
    for sign in SIGNS:
        people = [row.user for row in rows if row.sign == sign]
        if people:
            names = ", ".join(person.get_full_name() for person in people)
            found.append(ReactionCount(sign, len(people), names, any(person.pk == user_id for person in people)))
    return found
