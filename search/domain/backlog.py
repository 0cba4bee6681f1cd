"""When the documents that wait to be written will be found."""

import datetime

from django.db.models import QuerySet
from django.utils import timezone

from exchange.core.models import OutboxEvent
from search.domain.indexing import REFRESH
from search.models import SearchKind

MEASURED = datetime.timedelta(minutes=2)
USUAL_RATE = 60.0
"""Documents a second, as long as none of the last minutes are known: two cores that have other work too."""
MARGIN = datetime.timedelta(seconds=30)


def imported_people_found_at(written: datetime.datetime) -> datetime.datetime | None:
    """About when the search finds all people who were imported at `written`; None when it finds them already. At most two queries.

    Counted: their documents and those before them, at the speed of the last two minutes.
    """
    now = timezone.now()
    events = OutboxEvent.objects.filter(kind=REFRESH, bulk=True, created_at__lte=written)
    waiting = _documents(events.filter(done_at__isnull=True))
    if not waiting:
        return None
    done = OutboxEvent.objects.filter(kind=REFRESH, bulk=True, done_at__gte=now - MEASURED)
    rate = _documents(done) / MEASURED.total_seconds() or USUAL_RATE
    return now + datetime.timedelta(seconds=waiting / rate) + MARGIN


def _documents(events: "QuerySet[OutboxEvent]") -> int:
    return sum(len(payload["documents"].get(SearchKind.EXPERT, [])) for payload in events.values_list("payload", flat=True))
