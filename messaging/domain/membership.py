"""Add a user to, or remove from, many threads: for a user who joins or leaves a team with hundreds of threads."""

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from exchange.core.live_events import push_event
from messaging.models import Participant, Thread


@transaction.atomic
def join_threads(threads: "QuerySet[Thread]", user_id: int, *, capacity: str) -> None:
    """Add the user to all these threads; existing participations are unchanged. Earlier messages do not count as unread.

    Three queries for any number of threads; one live event to their tabs.
    """
    now = timezone.now()
    head = Subquery(Thread.objects.filter(pk=OuterRef("thread_id")).values("head")[:1])
    Participant.objects.filter(user_id=user_id, thread__in=threads, left_at__isnull=False).update(
        left_at=None, capacity=capacity, joined_at=now, read_number=head, mailed_number=head
    )
    Participant.objects.bulk_create(
        [
            Participant(thread_id=pk, user_id=user_id, capacity=capacity, joined_at=now, read_number=number, mailed_number=number)
            for pk, number in threads.values_list("pk", "head")
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    push_event([user_id], "threads")


def leave_threads(threads: "QuerySet[Thread]", user_id: int, *, capacity: str) -> None:
    """Remove the user from those of these threads where they participate as `capacity`; one live event to their tabs."""
    current = Participant.objects.filter(user_id=user_id, thread__in=threads, capacity=capacity, left_at__isnull=True)
    if current.update(left_at=timezone.now()):
        push_event([user_id], "threads")
