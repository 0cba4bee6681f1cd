"""What waits for a person: every app says it for itself, one page and one number put it together."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from exchange.core.date_format import as_date
from exchange.core.errors import Text
from exchange.core.hooks import Hook

COUNT_FRESH_SECONDS = 10


@dataclass(frozen=True)
class TaskItem:
    """One thing to do: its words, where it is done, until when. `count` stands for several alike behind one address."""

    title: Text
    url: str
    due: dt.date | dt.datetime | None = None
    tone: str = ""
    count: int = 1


task_providers: Hook[Callable[[Any], Iterable[TaskItem]]] = Hook("tasks")
"""Functions of the person that list what they have to do in one app; a few queries each, however many there are."""


def tasks_of(user: Any) -> list[TaskItem]:
    """Everything this person has to do: what is due first, then the rest in the order of the apps."""
    items = [item for provider in task_providers.all() for item in provider(user)]
    # The page that lists them shows their number in its bar as well: it need not ask every app a second time.
    cache.set(_count_key(user.pk), sum(item.count for item in items), COUNT_FRESH_SECONDS)
    return sorted(items, key=lambda item: as_date(item.due) if item.due else dt.date.max)


def task_count(user: Any) -> int:
    """How many tasks there are; a few seconds old at most, because every page asks."""
    known = cache.get(_count_key(user.pk))
    return int(known) if known is not None else sum(item.count for item in tasks_of(user))


def forget_task_counts(user_ids: Iterable[int]) -> None:
    """Count anew on the next page: something just happened to these people."""
    cache.delete_many([_count_key(pk) for pk in user_ids])


def _count_key(user_id: int) -> str:
    return f"task-count:{user_id}"
