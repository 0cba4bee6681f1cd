"""Scheduled transitions: closing, starting and completing programmes."""

import datetime
from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.utils import timezone

from exchange.core.errors import DomainError
from programs.domain.publishing import close_program, complete_program, start_program
from programs.models import Program
from programs.states import ProgramState

ONE_DAY = datetime.timedelta(days=1)


def advance_programs() -> int:
    """Close, start and complete what is due, each in a transaction of its own. Safe to run at any time, concurrently and repeatedly.

    Returns the number of transitions.
    """
    now = timezone.now()
    # In some time zones it is already tomorrow: select one day more; the action checks the date in the programme's zone.
    tomorrow, yesterday = now.date() + ONE_DAY, now.date() - ONE_DAY
    programs = Program.objects.select_related("institution")
    over = Q(deadline__lte=now) | Q(deadline__isnull=True, ends__lte=yesterday)
    begun = Q(starts__lte=tomorrow, state__in=[ProgramState.CLOSED, ProgramState.DECIDED])
    ended = Q(ends__lte=tomorrow, state=ProgramState.RUNNING)
    moved = _each(programs.filter(over, state=ProgramState.PUBLISHED), close_program)
    moved += _each(programs.filter(begun), start_program)
    moved += _each(programs.filter(ended), complete_program)
    return moved


def _each(rows: "QuerySet[Program]", transition: Callable[..., Program]) -> int:
    moved = 0
    for program in rows.order_by("pk"):
        try:
            transition(program, by=None)
        except DomainError:
            continue  # another worker was first, or the day has not come in the programme's zone
        moved += 1
    return moved
