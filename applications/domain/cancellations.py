"""What happens to applications when their programme is cancelled."""

from applications.domain.notifications import notify_expert
from applications.models import Application
from applications.states import HOLDING_SEAT, WITH_HOST, ApplicationState

LIVE = (ApplicationState.DRAFT, *WITH_HOST, *HOLDING_SEAT)


def notify_of_cancellation(program_id: int) -> int:
    """Notify everybody with a draft or an open application, once each. Returns how many."""
    rows = Application.objects.filter(program_id=program_id, state__in=LIVE).select_related("program__institution", "expert")
    notified = 0
    for application in rows.defer("snapshot", "answers", "statement").iterator(chunk_size=200):
        notify_expert(application, "program_cancelled")
        notified += 1
    return notified
