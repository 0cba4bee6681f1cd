"""Who of the host takes part in the conversations of its applications: those who read applications, and nobody else."""

from applications.models import Application
from messaging.domain.membership import join_threads, leave_threads
from messaging.models import Thread
from profiles.domain.institutions import team_ids
from profiles.states import REVIEWING_ROLES

CAPACITY = "host"


def follow_team(institution_id: int, user_id: int) -> None:
    """Bring this person's part in the institution's conversations in line with their roles; right to do twice."""
    hosted = Application.objects.filter(program__institution_id=institution_id).exclude(expert__user_id=user_id)
    threads = Thread.objects.filter(application__in=hosted)
    if user_id in team_ids(institution_id, REVIEWING_ROLES):
        join_threads(threads, user_id, capacity=CAPACITY)
    else:
        leave_threads(threads, user_id, capacity=CAPACITY)
