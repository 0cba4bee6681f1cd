"""Saved searches: saving, changing, listing and stopping them.

What is new to them is found in `saved_matching` and sent in `saved_notifications`.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from exchange.core.errors import DomainError
from exchange.core.jobs.outbox import enqueue
from messaging.domain.regular_mail import next_morning, read_stop_token, stop_token
from search.domain.descriptions import KINDS, describe
from search.domain.params import SearchParams, read_params
from search.models import Frequency, SavedSearch

MATCH = "search.match_saved"
MAX_SAVED = 50
MAX_ADDRESS_LENGTH = 2000
SALT = "search.saved"


# ---- saving ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_search(search_params: SearchParams, *, by: User, name: str, frequency: str) -> SavedSearch:
    """Save this search for the user. What it finds today counts as known from the start.

    Refused: a search that asks for nothing, one with a longer address than MAX_ADDRESS_LENGTH, and more than MAX_SAVED of them.
    """
    address = search_params.address()
    if not search_params and not search_params.kind:
        raise DomainError(_("Search for something first, then save it."), code="empty-search")
    if len(address) > MAX_ADDRESS_LENGTH:
        raise DomainError(_("This search is too long to be saved. Remove some filters."), code="long-search")
    User.objects.select_for_update().get(pk=by.pk)
    if SavedSearch.objects.filter(owner=by).count() >= MAX_SAVED:
        raise DomainError(_("You have %(count)s saved searches. Delete one first.") % {"count": MAX_SAVED}, code="many-searches")
    saved: SavedSearch = SavedSearch.objects.create(
        owner=by,
        name=name,
        kind=search_params.kind,
        address=address,
        frequency=frequency,
        next_at=next_time(by, frequency, timezone.now()),
    )
    if frequency != Frequency.NEVER:
        enqueue(MATCH)
    return saved


@transaction.atomic
def change_saved(saved: SavedSearch, *, by: User, name: str, frequency: str) -> SavedSearch:
    """Change the name or the frequency. When notifications are switched on again, what is found by now counts as known."""
    held: SavedSearch = SavedSearch.objects.visible_to(by).select_for_update().get(pk=saved.pk)
    switched_on = held.frequency == Frequency.NEVER != frequency
    if held.frequency != frequency:
        held.next_at = next_time(by, frequency, timezone.now())
    held.name, held.frequency = name, frequency
    if switched_on:
        held.begun_at, held.since, held.overflowing = None, timezone.now(), False
        held.known.filter(notified_at__isnull=True).delete()
        enqueue(MATCH)
    held.save()
    return held


def delete_saved(saved: SavedSearch, *, by: User) -> None:
    """Delete the search with its known results. Nothing is sent."""
    SavedSearch.objects.visible_to(by).filter(pk=saved.pk).delete()


@dataclass(frozen=True)
class SavedSearchRow:
    """A saved search as the settings list it: with what it asks for as labels."""

    saved: SavedSearch
    words: list[str]
    broken: bool
    """Whether something it asks for no longer exists, so that it sends nothing any more."""


def saved_of(user: User) -> list[SavedSearchRow]:
    """This user's saved searches by name, in one query."""
    return [
        SavedSearchRow(saved, describe(read_params(QueryDict(saved.address))), broken=params_of(saved) is None)
        for saved in SavedSearch.objects.visible_to(user)
    ]


def next_time(owner: User, frequency: str, now: datetime.datetime) -> datetime.datetime | None:
    """The owner's next morning, or that of the next Monday; none for searches that notify at once or never."""
    if frequency not in {Frequency.DAILY, Frequency.WEEKLY}:
        return None
    return next_morning(owner, now, weekly=frequency == Frequency.WEEKLY)


# ---- the link that stops the e-mails ---------------------------------------------------------------------------------


def stop_path(saved: SavedSearch) -> str:
    """The path where anybody who has the e-mail can stop the notifications of this search. It never expires."""
    return reverse("saved_search_stop", args=[stop_token(SALT, saved.pk, saved.owner_id)])


def read_stop(token: str) -> SavedSearch | None:
    """The search of the link; None when it has been deleted. Raises DomainError `link-broken` (404) for a link with a wrong signature."""
    pk, owner_id = read_stop_token(SALT, token)
    found: SavedSearch | None = SavedSearch.objects.filter(pk=pk, owner=owner_id).select_related("owner").first()
    return found


def stop_saved(saved: SavedSearch) -> None:
    """Stop the notifications of this search, as the reader of its e-mails asks; it stays saved. A second time changes nothing."""
    SavedSearch.objects.filter(pk=saved.pk).update(frequency=Frequency.NEVER, next_at=None)


# ---- what a saved search asks for ------------------------------------------------------------------------------------


def params_of(saved: SavedSearch) -> SearchParams | None:
    """What it asks for; None when the address no longer means what it meant, for example because a concept was deleted: otherwise the
    search would find everything.
    """
    search_params = read_params(QueryDict(saved.address))
    return search_params if search_params.address() == saved.address else None


def kinds_of(saved: SavedSearch) -> Sequence[str]:
    """The kinds it searches: its own one, or all."""
    return [saved.kind] if saved.kind else list(KINDS)
