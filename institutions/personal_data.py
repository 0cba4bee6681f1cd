"""Personal data of this app: export, erasure blockers and retention."""

import datetime
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import CoordinatorAppointment, User
from accounts.states import Role
from exchange.core.errors import Text
from exchange.core.personal_data import (
    Piece,
    Table,
    delete_batch,
    row_of,
)
from institutions.models import Institution, Membership, TeamInvitation


def export_institutions(user: User) -> Iterator[Piece]:
    """Roles, appointments and invitations; of other people only the displayed name."""
    memberships = Membership.objects.filter(user=user).select_related("institution").order_by("pk")
    yield Table("teams", (row_of(row, "institution", "role", "since") for row in memberships))
    appointments = CoordinatorAppointment.objects.filter(user=user).order_by("pk")
    yield Table("appointments", (row_of(row, "country", "starts", "ends") for row in appointments))
    to_me = TeamInvitation.objects.to_addresses_of(user).select_related("institution", "invited_by").order_by("pk")
    names = ("institution", "email", "role", "created_at", "expires_at", "answer", "answered_at")
    yield Table("invitations", (row_of(row, *names, invited_by=row.invited_by.get_full_name()) for row in to_me))


def owners_hand_over_first(user: User) -> Iterable[Text]:
    """Blocks the erasure of the only owner of an institution."""
    mine = Institution.objects.filter(memberships__user=user, memberships__role=Role.OWNER).distinct().order_by("pk")
    for institution in mine:
        others = Membership.objects.filter(institution=institution, role=Role.OWNER, user__is_active=True).exclude(user=user)
        if not others.exists():
            words = _("You are the only owner of an institution: %(institution)s. Make somebody else an owner first.")
            yield words % {"institution": institution.name}


def end_invitations(before: datetime.datetime, most: int) -> int:
    return delete_batch(TeamInvitation.objects.filter(expires_at__lt=before), most)
