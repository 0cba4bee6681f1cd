"""The tasks of "My tasks": each app registers a provider of tasks; one page lists them, every page shows their number."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches

from exchange.core.date_format import as_date
from exchange.core.errors import Text
from exchange.core.hooks import Hook

COUNT_FRESH_SECONDS = 10


@dataclass(frozen=True)
class TaskItem:
    """One task: its title, the page where it is done, its due date. `count` is the number of tasks that one item stands for."""

    title: Text
    url: str
    due: dt.date | dt.datetime | None = None
    tone: str = ""
    count: int = 1


task_providers: Hook[Callable[[Any], Iterable[TaskItem]]] = Hook("tasks")
"""Functions of the user that return their tasks in one app; each makes a constant number of queries."""


def tasks_of(user: Any) -> list[TaskItem]:
    """All tasks of this user: those with a due date first, then the others in the order of the apps."""
    items = [item for provider in task_providers.all() for item in provider(user)]
    # The page that lists the tasks also shows their number: this avoids asking every app twice.
    caches["redis"].set(_count_key(user.pk), sum(item.count for item in items), COUNT_FRESH_SECONDS)
    return sorted(items, key=lambda item: as_date(item.due) if item.due else dt.date.max)


def task_count(user: Any) -> int:
    """The number of tasks, cached for COUNT_FRESH_SECONDS, because every page shows it."""
    known = caches["redis"].get(_count_key(user.pk))
    return int(known) if known is not None else sum(item.count for item in tasks_of(user))


def forget_task_counts(user_ids: Iterable[int]) -> None:
    """Drop the cached number of these users, because their tasks changed."""
    caches["redis"].delete_many([_count_key(pk) for pk in user_ids])


def _count_key(user_id: int) -> str:
    return f"task-count:{user_id}"
