"""What waits for a person: every room says it for itself, one page and one number put it together."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from exchange.core.errors import Text
from exchange.core.localdates import as_date

COUNT_FRESH_SECONDS = 10


@dataclass(frozen=True)
class WaitingItem:
    """One thing to do: its words, where it is done, until when. `count` stands for several alike behind one address."""

    title: Text
    url: str
    due: dt.date | dt.datetime | None = None
    tone: str = ""
    count: int = 1


Provider = Callable[[Any], Iterable[WaitingItem]]
_providers: dict[str, Provider] = {}


def provides_waiting(provider: Provider) -> Provider:
    """Register a function of the person that lists what waits for them in its room; a few queries, however much waits."""
    _providers[f"{provider.__module__}.{provider.__qualname__}"] = provider
    return provider


def waiting_for(user: Any) -> list[WaitingItem]:
    """Everything that waits for this person: what is due first, then the rest as the rooms gave it."""
    items = [item for provider in _providers.values() for item in provider(user)]
    # The page that lists them shows their number in its bar as well: it need not ask everybody a second time.
    cache.set(_count_key(user.pk), sum(item.count for item in items), COUNT_FRESH_SECONDS)
    return sorted(items, key=lambda item: as_date(item.due) if item.due else dt.date.max)


def waiting_count(user: Any) -> int:
    """How many things wait; a few seconds old at most, because every page asks."""
    known = cache.get(_count_key(user.pk))
    return int(known) if known is not None else sum(item.count for item in waiting_for(user))


def forget_waiting_counts(user_ids: Iterable[int]) -> None:
    """Count anew on the next page: something just happened to these people."""
    cache.delete_many([_count_key(pk) for pk in user_ids])


def _count_key(user_id: int) -> str:
    return f"waiting-count:{user_id}"
