"""The host's participants in application threads: those who may read applications, and nobody else."""

from accounts.states import REVIEWING_ROLES
from applications.models import Application
from institutions.domain.queries import team_ids
from messaging.domain.membership import join_threads, leave_threads
from messaging.models import Thread

CAPACITY = "host"


def follow_team(institution_id: int, user_id: int) -> None:
    """Add the user to, or remove from, the institution's threads, as their roles require. A second call changes nothing."""
    hosted = Application.objects.filter(program__institution_id=institution_id).exclude(expert__user_id=user_id)
    threads = Thread.objects.filter(application__in=hosted)
    if user_id in team_ids(institution_id, REVIEWING_ROLES):
        join_threads(threads, user_id, capacity=CAPACITY)
    else:
        leave_threads(threads, user_id, capacity=CAPACITY)
