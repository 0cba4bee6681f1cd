"""The agreement of a placement that had none when it was made."""

from django.db import transaction
from django.db.models import Q

from exchange.core.history import record_history
from partnerships.models import Agreement
from placements.models import Placement


@transaction.atomic
def attach_agreement(agreement: Agreement) -> int:
    """Attach an agreement to the placements it covers that have none and have not ended, with a history row each. Returns how many.

    It covers a stay between its two institutions that begins while it is in force. A placement that is being changed meanwhile is waited for.
    """
    host, home = Q(program__institution_id=agreement.first_id), Q(expert__affiliation_id=agreement.second_id)
    other_way = Q(program__institution_id=agreement.second_id, expert__affiliation_id=agreement.first_id)
    rows = Placement.objects.alive().filter((host & home) | other_way, agreement=None, starts__gte=agreement.valid_from)
    if agreement.valid_until is not None:
        rows = rows.filter(starts__lte=agreement.valid_until)
    attached = 0
    for placement in rows.select_for_update(of=("self",)).order_by("pk"):
        if Placement.objects.filter(pk=placement.pk, agreement=None).update(agreement=agreement):
            record_history(placement, transition="agreement", by=None, data={"agreement": agreement.pk})
            attached += 1
    return attached
