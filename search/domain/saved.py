"""Saved searches: saving, changing, listing and stopping them.

What is new to them is found in `saved_matching` and sent in `saved_notifications`.
"""

import datetime
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from exchange.core.errors import DomainError
from exchange.core.jobs.outbox import enqueue
from search.domain.descriptions import KINDS, describe
from search.domain.params import SearchParams, read_params
from search.models import Frequency, SavedSearch

MATCH = "search.match_saved"
MAX_SAVED = 50
MORNING = 8
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
    try:
        zone = zoneinfo.ZoneInfo(owner.time_zone or settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        zone = zoneinfo.ZoneInfo(settings.TIME_ZONE)
    here = now.astimezone(zone)
    morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    if morning <= here:
        morning += datetime.timedelta(days=1)
    if frequency == Frequency.WEEKLY:
        morning += datetime.timedelta(days=-morning.weekday() % 7)
    return morning.astimezone(datetime.UTC)


# ---- the link that stops the e-mails ---------------------------------------------------------------------------------


def stop_path(saved: SavedSearch) -> str:
    """The path where anybody who has the e-mail can stop the notifications of this search. It never expires."""
    return reverse("saved_search_stop", args=[signing.Signer(salt=SALT).sign_object([saved.pk, saved.owner_id])])


def read_stop(token: str) -> SavedSearch | None:
    """The search of the link; None when it has been deleted. Raises DomainError `link-broken` (404) for a link with a wrong signature."""
    try:
        pk, owner_id = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise DomainError(
            _("This link is not complete. Copy all of it from the e-mail."), code="link-broken", status=404
        ) from error
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
