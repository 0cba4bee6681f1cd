"""What waits for a person: every app says it for itself, one page and one number put it together."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from exchange.core.date_format import as_date
from exchange.core.errors import Text

COUNT_FRESH_SECONDS = 10


@dataclass(frozen=True)
class TaskItem:
    """One thing to do: its words, where it is done, until when. `count` stands for several alike behind one address."""

    title: Text
    url: str
    due: dt.date | dt.datetime | None = None
    tone: str = ""
    count: int = 1


Provider = Callable[[Any], Iterable[TaskItem]]
_providers: dict[str, Provider] = {}


def task_provider(provider: Provider) -> Provider:
    """Register a function of the person that lists what waits for them in its app; a few queries, however much waits."""
    _providers[f"{provider.__module__}.{provider.__qualname__}"] = provider
    return provider


def tasks_for(user: Any) -> list[TaskItem]:
    """Everything that waits for this person: what is due first, then the rest as the apps gave it."""
    items = [item for provider in _providers.values() for item in provider(user)]
    return sorted(items, key=lambda item: as_date(item.due) if item.due else dt.date.max)


def task_count(user: Any) -> int:
    """How many things wait; a few seconds old at most, because every page asks."""
    key = _count_key(user.pk)
    known = cache.get(key)
    if known is None:
        known = sum(item.count for item in tasks_for(user))
        cache.set(key, known, COUNT_FRESH_SECONDS)
    return int(known)


def forget_task_counts(user_ids: Iterable[int]) -> None:
    """Count anew on the next page: something just happened to these people."""
    cache.delete_many([_count_key(pk) for pk in user_ids])


def _count_key(user_id: int) -> str:
    return f"waiting-count:{user_id}"
