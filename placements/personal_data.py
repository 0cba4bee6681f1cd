"""Personal data in placements, and what blocks the deletion of an account."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of
from accounts.domain.coordinators import coordinator_ids
from accounts.models import User
from exchange.core.countries import Country
from exchange.core.errors import Text
from exchange.core.personal_data import Piece, Table, row_of
from placements.models import Approval, Placement
from placements.states import UNDECIDED, ApprovalState, PlacementState

PLACEMENT_FIELDS = ("reference", "state", "sending_country", "host_country", "starts", "ends", "created_at", "confirmed_at")
APPROVAL_FIELDS = ("country", "side", "state", "asked_at", "decided_at", "note")


def export_placements(user: User) -> Iterator[Piece]:
    """The user's own placements with the countries' decisions; the approvals the user gave, without the names of the experts."""
    mine = Placement.objects.filter(expert__user=user).select_related("program__institution").prefetch_related("approvals")
    yield Table("placements", (_stay(placement) for placement in mine.order_by("pk").iterator(chunk_size=200)))
    given = Approval.objects.filter(decided_by=user).select_related("placement__program").order_by("pk")
    yield Table(
        "approvals_i_gave",
        (row_of(row, *APPROVAL_FIELDS, programme=row.placement.program.title) for row in given.iterator(chunk_size=200)),
    )


def _stay(placement: Placement) -> dict[str, Any]:
    approvals = [row_of(approval, *APPROVAL_FIELDS, reason=approval.reason_label) for approval in placement.approvals.all()]
    program = placement.program
    return row_of(placement, *PLACEMENT_FIELDS, programme=program.title, institution=program.institution.name, approvals=approvals)


def placements_are_settled_first(user: User) -> Iterable[Text]:
    """Blocks the deletion while a stay is in progress or awaits decisions, because it concerns two other parties."""
    for placement in Placement.objects.filter(expert__user=user).alive().select_related("program").order_by("pk"):
        if placement.state == PlacementState.CONFIRMED:
            if placement.ends >= timezone.now().date():
                words = _("Your placement is confirmed and not over yet: %(programme)s. Wait for its end, or cancel it first.")
                yield words % {"programme": placement.program.title}
        else:
            words = _("The countries are deciding on your placement: %(programme)s. Cancel it first.")
            yield words % {"programme": placement.program.title}


def approvals_are_handed_over_first(user: User) -> Iterable[Text]:
    """Blocks the deletion of the only coordinator of a country while its approvals are open."""
    for country in sorted(access_of(user).countries):
        others = [pk for pk in coordinator_ids(country) if pk != user.pk]
        waiting = Approval.objects.filter(country=country, state=ApprovalState.WAITING, placement__state__in=UNDECIDED)
        if not others and waiting.exists():
            words = _(
                "Placements are waiting for your decision, and nobody else acts for your country: %(country)s. Ask for another "
                "coordinator to be appointed."
            )
            yield words % {"country": Country(country).label}


def erase_placements(user: User) -> None:
    """Placements keep their dates, countries and decisions; notes that coordinators wrote about the user are deleted."""
    Approval.objects.filter(placement__expert__user=user).exclude(note="").update(note="")
