"""What waits for people: invitations, hand-overs, institutions to verify."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from institutions.domain.handovers import handovers_for
from institutions.domain.queries import open_invitations, waiting_institutions
from institutions.notices import HANDOVER, INVITED
from messaging.domain.waiting import WaitingItem, waiting_providers


@waiting_providers.register()
def handovers_waiting(user: Any) -> list[WaitingItem]:
    return [
        WaitingItem(
            HANDOVER % {"institution": row.institution.name},
            reverse("institution_team", args=[row.institution.slug]),
            due=row.expires_at,
        )
        for row in handovers_for(user)
    ]


@waiting_providers.register()
def invitations_waiting(user: Any) -> list[WaitingItem]:
    return [
        WaitingItem(INVITED % {"institution": row.institution.name}, reverse("invitations"), due=row.expires_at)
        for row in open_invitations(user)
    ]


@waiting_providers.register()
def institutions_waiting(user: Any) -> list[WaitingItem]:
    """Institutions with a team of their own that the coordinators of their country have not verified yet."""
    return [
        WaitingItem(gettext_lazy("Verify: %(institution)s") % {"institution": row.name}, row.get_absolute_url())
        for row in waiting_institutions(user)
    ]
