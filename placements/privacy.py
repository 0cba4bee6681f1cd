"""What this app holds of a person, and what has to be settled before they may go."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.countries import Country
from exchange.core.errors import Text
from exchange.core.privacy import Piece, Table, erasure_blocker, gdpr_erase, gdpr_export, row_of
from placements.models import Approval, Placement
from placements.states import UNDECIDED, ApprovalState, PlacementState
from profiles.access import access_of
from profiles.domain.coordinators import coordinator_ids
from profiles.models import User

FACTS = ("reference", "state", "sending_country", "host_country", "starts", "ends", "created_at", "confirmed_at")
WORD = ("country", "side", "state", "asked_at", "decided_at", "note")


@gdpr_export("placements", order=50)
def export_placements(user: User) -> Iterator[Piece]:
    """One's own stays and what the countries said to them; the approvals one gave, without the names of those they are about."""
    mine = Placement.objects.filter(expert__user=user).select_related("program__institution").prefetch_related("approvals")
    yield Table("placements", (_stay(placement) for placement in mine.order_by("pk").iterator(chunk_size=200)))
    given = Approval.objects.filter(decided_by=user).select_related("placement__program").order_by("pk")
    yield Table(
        "approvals_i_gave",
        (row_of(row, *WORD, programme=row.placement.program.title) for row in given.iterator(chunk_size=200)),
    )


def _stay(placement: Placement) -> dict[str, Any]:
    words = [row_of(approval, *WORD, reason=approval.reason_label) for approval in placement.approvals.all()]
    program = placement.program
    return row_of(placement, *FACTS, programme=program.title, institution=program.institution.name, approvals=words)


@erasure_blocker
def placements_are_settled_first(user: User) -> Iterable[Text]:
    """A stay that runs, or that countries are deciding on, has two other sides."""
    for placement in Placement.objects.filter(expert__user=user).alive().select_related("program").order_by("pk"):
        if placement.state == PlacementState.CONFIRMED:
            if placement.ends >= timezone.now().date():
                words = _("Your placement is confirmed and not over yet: %(programme)s. Wait for its end, or cancel it first.")
                yield words % {"programme": placement.program.title}
        else:
            words = _("The countries are deciding on your placement: %(programme)s. Cancel it first.")
            yield words % {"programme": placement.program.title}


@erasure_blocker
def approvals_are_handed_over_first(user: User) -> Iterable[Text]:
    """A country must not be left with approvals that nobody may give."""
    for country in sorted(access_of(user).countries):
        others = [pk for pk in coordinator_ids(country) if pk != user.pk]
        waiting = Approval.objects.filter(country=country, state=ApprovalState.WAITING, placement__state__in=UNDECIDED)
        if not others and waiting.exists():
            words = _(
                "Placements wait for your decision, and nobody else acts for your country: %(country)s. Have another appointed."
            )
            yield words % {"country": Country(country).label}


@gdpr_erase("placements", order=30, keeps=["placements.Placement"])
def erase_placements(user: User) -> None:
    """Stays of record keep their dates, countries and decisions; words that coordinators wrote about the person go."""
    Approval.objects.filter(placement__expert__user=user).exclude(note="").update(note="")
